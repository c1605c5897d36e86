"""A process pool for work that would hold up the event loop; it ends when it has been idle."""

import asyncio
import os
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from threading import Thread
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_IDLE_SECONDS = 20.0


def begin_worker() -> None:
    """In a worker: leave Ctrl-C to the parent, and end when the parent is gone, killed or not."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := parent_process():
        wait([parent.sentinel])
        os._exit(1)


class Pool:
    """One worker process, started by the first job and ended some time after the last."""

    def __init__(self) -> None:
        self._executor: ProcessPoolExecutor | None = None
        self._jobs = 0
        self._end: asyncio.TimerHandle | None = None

    async def __call__(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of ``work(*args, **kwargs)``, which must be picklable, from the worker."""
        if self._end:
            self._end.cancel()
        if self._executor is None:
            # Not fork: this process has threads, and a fork would copy their locks.
            self._executor = ProcessPoolExecutor(
                1, mp_context=get_context("spawn"), initializer=begin_worker
            )
        self._jobs += 1
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._executor, partial(work, *args, **kwargs))
        finally:
            self._jobs -= 1
            if not self._jobs:
                self._end = loop.call_later(_IDLE_SECONDS, self.close)

    def close(self) -> None:
        """End the worker; the next job starts another."""
        if self._end:
            self._end.cancel()
            self._end = None
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)
            self._executor = None
