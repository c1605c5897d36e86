"""The log: ours and the libraries', through structlog on stderr, for people or as JSON."""

import logging
import sys

import structlog
from structlog.typing import Processor


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
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_last(log_format),
            ],
        )
    )
    # A log that cannot be written, on a full disk say, must not end what it tells of.
    logging.raiseExceptions = False
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
