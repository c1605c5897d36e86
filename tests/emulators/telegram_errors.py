"""How the Bot API refuses: the HTTP status, the words, and the parameters beside them."""

from typing import Any

Json = dict[str, Any]

PREFIXES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Request Entity Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
    501: "Not Implemented",
    502: "Bad Gateway",
}


class ApiError(Exception):
    """A refusal: ``code`` is both the HTTP status and ``error_code``."""

    def __init__(self, code: int, words: str = "", **parameters: int) -> None:
        self.code = code
        prefix = PREFIXES.get(code, f"Error {code}")
        self.description = f"{prefix}: {words}" if words else prefix
        self.parameters = parameters
        super().__init__(f"{code} {self.description}")

    def body(self) -> Json:
        """The JSON the Bot API answers with."""
        answer: Json = {"ok": False, "error_code": self.code, "description": self.description}
        return answer | ({"parameters": self.parameters} if self.parameters else {})


def bad(words: str, **parameters: int) -> ApiError:
    """A 400."""
    return ApiError(400, words, **parameters)


def forbidden(words: str) -> ApiError:
    """A 403."""
    return ApiError(403, words)


def too_many(seconds: int) -> ApiError:
    """A 429 that says how long to wait."""
    return ApiError(429, f"retry after {seconds}", retry_after=seconds)
