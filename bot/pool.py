"""A process pool for work that would hold up the event loop; it ends when it has been idle."""

import asyncio
import ctypes
import gc
import logging
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from threading import Thread
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)
_IDLE_SECONDS = 20.0
# Ctrl-C and a stop of the whole process group are meant for the parent, which ends its workers.
_NOT_FOR_WORKERS = (signal.SIGINT, signal.SIGTERM)


def one_worker() -> Executor:
    """An executor with one process, or a thread where the system allows no worker process."""
    try:
        # Not fork: this process has threads, and a fork would copy their locks.
        return ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_begin_worker)
    except OSError as error:
        # Its semaphores live in /dev/shm, which may be missing or read-only.
        log.warning("no worker process, working in a thread: %s", error)
        return ThreadPoolExecutor(1)


def submit(executor: Executor, work: Callable[[], T]) -> Future[T]:
    """The work, begun; a worker that starts for it sees no signal before it can ignore them."""
    with _held_back(_NOT_FOR_WORKERS):
        return executor.submit(work)


@contextmanager
def _held_back(signals: tuple[signal.Signals, ...]) -> Iterator[None]:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin_worker() -> None:
    """In a worker: leave signals to the parent, and end when the parent is gone, killed or not."""
    for name in _NOT_FOR_WORKERS:
        signal.signal(name, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _NOT_FOR_WORKERS)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := parent_process():
        wait([parent.sentinel])
        os._exit(1)


class Pool:
    """One worker process, started by the first job and ended some time after the last."""

    def __init__(self) -> None:
        self._executor: Executor | None = None
        self._jobs = 0
        self._end: asyncio.TimerHandle | None = None

    async def __call__(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of ``work(*args, **kwargs)``, which must be picklable, from the worker."""
        if self._end:
            self._end.cancel()
        if self._executor is None:
            self._executor = one_worker()
        self._jobs += 1
        try:
            job = submit(self._executor, partial(work, *args, **kwargs))
            return await asyncio.wrap_future(job)
        except BrokenProcessPool:
            # Its process was killed, for want of memory perhaps; the next job gets another.
            self.close()
            raise
        finally:
            self._jobs -= 1
            if not self._jobs:
                self._end = asyncio.get_running_loop().call_later(_IDLE_SECONDS, self.close)

    def close(self) -> None:
        """End the worker; the next job starts another."""
        if self._end:
            self._end.cancel()
            self._end = None
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)
            self._executor = None
            _give_memory_back()


def _give_memory_back() -> None:
    """Return to the system what a day's papers took on their way; only glibc keeps it."""
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
