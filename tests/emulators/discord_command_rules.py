"""What a command may be: Discord developer documentation, "Application Commands"."""

import re
from collections import Counter
from collections.abc import Iterator

from tests.emulators.discord_errors import Form, Json, Path

SUB_COMMAND, SUB_GROUP = 1, 2
CHAT_INPUT = 1
_LIMITS = {"1": 100, "2": 15, "3": 15}
_NAME = re.compile(r"[-_'\w\u0900-\u097F\u0E00-\u0E7F]{1,32}")
_LOCALES = frozenset(
    "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el"
    " bg ru uk hi th zh-CN ja zh-TW ko".split()
)
_TOTAL = 8000


def check_commands(commands: object) -> list[Json]:
    """The commands of a bulk overwrite, refused when one breaks a rule."""
    form = Form()
    listed = form.items((), commands, 130)
    kinds = Counter(str(command.get("type") or CHAT_INPUT) for command in listed)
    for kind, count in kinds.items():
        if count > _LIMITS.get(kind, 0):
            code = "APPLICATION_COMMANDS_MAX_EXCEEDED"
            form.fail((), code, f"Maximum number of application commands reached: {count}")
    seen: set[tuple[str, str]] = set()
    for n, command in enumerate(listed):
        key = (str(command.get("type") or CHAT_INPUT), str(command.get("name")))
        if key in seen:
            code = "APPLICATION_COMMANDS_DUPLICATE_NAME"
            form.fail((n, "name"), code, "Application command names must be unique")
        seen.add(key)
        _check_command(form, (n,), command)
    form.done()
    for n, command in enumerate(listed):
        if sum(map(len, _texts(command))) > _TOTAL:
            code = "APPLICATION_COMMAND_TOO_LARGE"
            form.fail((n,), code, f"Command exceeds maximum size ({_TOTAL})")
    form.done()
    return listed


def _check_command(form: Form, path: Path, command: Json) -> None:
    is_chat = (command.get("type") or CHAT_INPUT) == CHAT_INPUT
    _check_name(form, path, command, shaped=is_chat)
    if is_chat:
        form.text((*path, "description"), command.get("description"), 100, 1)
        _check_localized(form, path, command, "description", 100)
    elif command.get("description"):
        code = "CONTEXT_MENU_DESCRIPTION_NOT_ALLOWED"
        form.fail((*path, "description"), code, "Context menu commands have no description")
    _check_options(form, path, command)
    for name in ("contexts", "integration_types"):
        given = command.get(name)
        for item in given if isinstance(given, list) else []:
            form.choice((*path, name), item, range(3 if name == "contexts" else 2))


def _check_name(form: Form, path: Path, item: Json, *, shaped: bool) -> None:
    form.text((*path, "name"), item.get("name"), 32, 1)
    _check_localized(form, path, item, "name", 32)
    if not shaped:
        return
    names: dict[tuple[str, ...], object] = {("name",): item.get("name")}
    given = item.get("name_localizations")
    for locale, name in given.items() if isinstance(given, dict) else ():
        names["name_localizations", locale] = name
    for place, name in names.items():
        is_good = isinstance(name, str) and _NAME.fullmatch(name) and name == name.lower()
        if name and not is_good:
            code = "APPLICATION_COMMAND_INVALID_NAME"
            form.fail((*path, *place), code, "Command name is invalid")


def _check_localized(form: Form, path: Path, item: Json, field: str, most: int) -> None:
    key = f"{field}_localizations"
    for locale, text in form.part((*path, key), item.get(key)).items():
        if locale not in _LOCALES:
            message = f"Locale '{locale}' is not supported."
            form.fail((*path, key, locale), "BASE_TYPE_CHOICES", message)
        form.text((*path, key, locale), text, most, 1)


def _check_options(form: Form, path: Path, holder: Json) -> None:
    options = form.items((*path, "options"), holder.get("options"), 25)
    names = Counter(str(option.get("name")) for option in options)
    localized = [form.part(path, option.get("name_localizations")) for option in options]
    for locale in {key for texts in localized for key in texts}:
        names.update(
            f"{locale}:{texts.get(locale, option.get('name'))}"
            for option, texts in zip(options, localized, strict=True)
        )
    if any(count > 1 for count in names.values()):
        code = "APPLICATION_COMMAND_OPTIONS_NAME_INVALID"
        form.fail((*path, "options"), code, "Option names must be unique")
    optional_seen = False
    for n, option in enumerate(options):
        here = (*path, "options", n)
        form.choice((*here, "type"), option.get("type", 0), range(1, 12))
        _check_name(form, here, option, shaped=True)
        form.text((*here, "description"), option.get("description"), 100, 1)
        _check_localized(form, here, option, "description", 100)
        if option.get("type") in (SUB_COMMAND, SUB_GROUP):
            _check_options(form, here, option)
            continue
        if option.get("required") and optional_seen:
            code = "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"
            form.fail(here, code, "Required options must be placed before non-required options")
        optional_seen = optional_seen or not option.get("required")
        check_choices(form, (*here, "choices"), option.get("choices"))
        if option.get("choices") and option.get("autocomplete"):
            code = "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES"
            form.fail(here, code, "An option cannot have both choices and autocomplete")


def check_choices(form: Form, path: Path, value: object) -> None:
    """Choices of an option, or suggestions of an autocomplete: at most 25."""
    choices = form.items(path, value, 25)
    for n, choice in enumerate(choices):
        form.text((*path, n, "name"), choice.get("name"), 100, 1)
        _check_localized(form, (*path, n), choice, "name", 100)
        if isinstance(choice.get("value"), str):
            form.text((*path, n, "value"), choice["value"], 100, 1)
        elif not isinstance(choice.get("value"), int | float):
            form.required((*path, n, "value"))


def _texts(item: Json) -> Iterator[str]:
    """What counts towards a command's 8000 characters: the longest of each text's languages."""
    for field in ("name", "description"):
        texts = [str(item.get(field) or ""), *(item.get(f"{field}_localizations") or {}).values()]
        yield max(map(str, texts), key=len)
    if isinstance(item.get("value"), str):
        yield item["value"]
    for inner in (*(item.get("options") or []), *(item.get("choices") or [])):
        yield from _texts(inner)
