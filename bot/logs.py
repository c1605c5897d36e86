"""The log: ours and the libraries', through structlog on stderr, for people or as JSON."""

import atexit
import logging
import os
import sys
from contextlib import suppress
from functools import cache
from logging.handlers import QueueHandler
from queue import Full, Queue
from threading import Thread

import structlog
from structlog.typing import Processor

_MOST_LINES = 10_000


def set_up(level: str, log_format: str) -> None:
    """Send every log line to stderr; ``log_format`` is ``text`` or ``json``.

    Our own lines follow ``level``; the libraries' matter only when something is wrong.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = _QueueHandler(_line_queue())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_last(log_format),
            ],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    # A beat that outlasts its interval is meant to: APScheduler would warn of each one skipped.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    ours = logging.getLogger("bot")
    ours.setLevel(level)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


class _QueueHandler(QueueHandler):
    """Hands each finished line to the thread that writes; a full queue loses the newest lines."""

    def enqueue(self, record: logging.LogRecord) -> None:
        with suppress(Full):
            self.queue.put_nowait(record.getMessage())


@cache
def _line_queue() -> Queue[str | None]:
    """The lines to be written to stderr, which one thread does: a reader may stop reading it.

    What waits at the end of the program is given a second.
    """
    lines: Queue[str | None] = Queue(_MOST_LINES)
    writer = Thread(target=_write, args=(lines,), daemon=True)
    writer.start()

    def finish() -> None:
        with suppress(Full):
            lines.put_nowait(None)
            writer.join(timeout=1)

    atexit.register(finish)
    return lines


def _write(lines: Queue[str | None]) -> None:
    while (line := lines.get()) is not None:
        left = f"{line}\n".encode(errors="replace")
        # A log that cannot be written, on a full disk say, must not end what it tells of. Past
        # Python's own buffer, whose lock a writer that is held up would keep at the end.
        with suppress(OSError):
            while left:
                left = left[os.write(2, left) :]


def _last(log_format: str) -> list[Processor]:
    if log_format == "json":
        return [
            structlog.processors.ExceptionRenderer(
                structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
            ),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    # Plain tracebacks: the local variables of a frame may hold a token.
    return [
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    ]
