"""How Discord refuses: a status, a numbered error, and for a bad body the field at fault.

Numbers and wordings: Discord developer documentation, "Opcodes and Status Codes", JSON error codes.
"""

from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]
Path = tuple[str | int, ...]

_CODES: dict[int, tuple[int, str]] = {
    0: (401, "401: Unauthorized"),
    10002: (404, "Unknown Application"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    20022: (400, "This message cannot be edited due to announcement rate limits."),
    40005: (413, "Request entity too large"),
    40033: (400, "This message has already been crossposted"),
    40060: (400, "Interaction has already been acknowledged."),
    40067: (400, "A tag is required to create a forum post in this channel"),
    40094: (
        400,
        "This interaction has reached the maximum number of follow-up messages",
    ),
    40333: (403, "internal network error"),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "Missing Permissions"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    50278: (403, "Cannot send messages to this user due to having no mutual guilds"),
    160002: (400, "Cannot reply without permission to read message history"),
    160004: (400, "A thread has already been created for this message"),
    160006: (400, "Maximum number of active threads reached"),
    160005: (403, "Thread is locked"),
}


class Refusal(Exception):  # noqa: N818
    """An answer that is an error; ``body`` is what Discord sends with it."""

    def __init__(self, code: int, errors: Json | None = None, *, status: int | None = None) -> None:
        known, message = _CODES.get(code, (400, "Invalid Form Body"))
        super().__init__(f"{code}: {message} {errors or ''}".rstrip())
        self.status = status or known
        self.code = code
        self.body: Json = {"message": message, "code": code}
        if errors:
            self.body["errors"] = errors


class Form:
    """The faults found in a body: ``fail`` collects them, ``done`` raises them as error 50035."""

    def __init__(self) -> None:
        self._errors: Json = {}

    def fail(self, path: Iterable[str | int], code: str, message: str) -> None:
        """One more fault, at this field."""
        place = self._errors
        for step in path:
            place = place.setdefault(str(step), {})
        place.setdefault("_errors", []).append({"code": code, "message": message})

    def done(self) -> None:
        """Refuse the body when a fault was found."""
        if self._errors:
            raise Refusal(50035, self._errors)

    def required(self, path: Path) -> None:
        """The fault of a field that is missing."""
        self.fail(path, "BASE_TYPE_REQUIRED", "This field is required")

    def text(self, path: Path, value: object, most: int, least: int = 0) -> str:
        """The text trimmed; its length is counted in code points, before the trimming."""
        if value is None:
            if least:
                self.required(path)
            return ""
        if not isinstance(value, str):
            self.fail(path, "BASE_TYPE_STRING", "Must be a string.")
            return ""
        text = value.strip()
        if least and not text:
            self.required(path)
        elif len(value) > most and least:
            self.fail(
                path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length."
            )
        elif len(value) > most:
            self.fail(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
        return text

    def items(self, path: Path, value: object, most: int, least: int = 0) -> list[Json]:
        """The objects of a list."""
        if value is None and not least:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.fail(path, "BASE_TYPE_BAD_TYPE", "Must be a list of objects.")
            return []
        if not least <= len(value) <= most:
            self.fail(
                path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length."
            )
        return value

    def part(self, path: Path, value: object) -> Json:
        """An object that may be missing."""
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.fail(path, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
            return {}
        return value

    def url(self, path: Path, value: object, schemes: tuple[str, ...] = ("http", "https")) -> str:
        """An address of one of the schemes, at most 2048 characters."""
        text = self.text(path, value, 2048)
        scheme, colon, rest = text.partition("://")
        if not text:
            return ""
        if not colon or not rest:
            self.fail(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.")
        elif scheme not in schemes:
            names = ", ".join(f"'{name}'" for name in schemes)
            message = f'Scheme "{scheme}" must be one of ({names}).'
            self.fail(path, "URL_TYPE_INVALID_SCHEME", message)
        return text

    def choice(self, path: Path, value: object, allowed: Iterable[int]) -> None:
        """A number out of a few, or nothing."""
        numbers = tuple(allowed)
        if value is not None and (isinstance(value, bool) or value not in numbers):
            message = f"Value must be one of {{{', '.join(map(str, numbers))}}}."
            self.fail(path, "BASE_TYPE_CHOICES", message)


def snowflake(value: object) -> int:
    """The id in a path or body, 0 when it is none."""
    return int(value) if isinstance(value, int | str) and str(value).isdecimal() else 0
