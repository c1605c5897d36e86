"""What went wrong where a connection broke, found among all that an error wraps."""

import errno
import socket
import ssl
from collections.abc import Iterator

import requests
from urllib3.exceptions import NameResolutionError

_DETAILS: tuple[tuple[str, tuple[type[BaseException], ...]], ...] = (
    ("address", (requests.exceptions.InvalidURL, requests.exceptions.MissingSchema)),
    ("address", (requests.exceptions.InvalidSchema, UnicodeError)),
    ("redirects", (requests.TooManyRedirects,)),
    ("name", (socket.gaierror, NameResolutionError)),
    ("tls", (ssl.SSLError,)),
    ("refused", (ConnectionRefusedError,)),
    # http.client's "closed without answer" is a ConnectionResetError too.
    ("closed", (ConnectionResetError, BrokenPipeError, ConnectionAbortedError)),
    ("timeout", (TimeoutError, requests.ConnectTimeout)),
)
_NO_ROUTE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN})


def detail_of(error: BaseException) -> str:
    """The last part of the key ``source.detail.…`` that says in two words what went wrong."""
    causes = list(_causes(error))
    for detail, kinds in _DETAILS:
        if any(isinstance(cause, kinds) for cause in causes):
            return detail
    if any(isinstance(cause, OSError) and cause.errno in _NO_ROUTE for cause in causes):
        return "network"
    return "other"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all it wraps; urllib3 and requests keep the cause in three places."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        cause = waiting.pop()
        if isinstance(cause, BaseException) and id(cause) not in seen:
            seen.add(id(cause))
            yield cause
            inner = getattr(cause, "reason", None)
            waiting += [cause.__cause__, cause.__context__, inner, *cause.args]
