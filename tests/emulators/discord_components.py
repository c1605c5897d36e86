"""What buttons, menus and layout may hold: Discord developer documentation, "Components"."""

from collections import Counter
from collections.abc import Iterator

from tests.emulators.discord_errors import Form, Json, Path, Refusal
from tests.emulators.discord_world import COMPONENTS_V2

ROW, BUTTON, SELECT, SECTION, TEXT_DISPLAY, CONTAINER = 1, 2, 3, 9, 10, 17
INPUT, LABEL = 4, 18
SELECTS = frozenset({3, 5, 6, 7, 8})
_LAYOUT = frozenset({SECTION, TEXT_DISPLAY, 11, 12, 13, 14, CONTAINER})
_LINK, _PREMIUM = 5, 6
_V2_BYTES = 10_170


def walk(components: list[Json]) -> Iterator[Json]:
    """Every component, those inside others too."""
    for component in filter(_is_component, components):
        yield component
        inner = component.get("components")
        yield from walk(inner if isinstance(inner, list) else [])
        for key in ("accessory", "component"):
            yield from walk([component[key]] if isinstance(component.get(key), dict) else [])


def _is_component(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("type"), int)


def check_components(form: Form, at: Path, body: Json, names: frozenset[str]) -> None:
    """Collect what is wrong with the ``components`` of a message body."""
    flags = body.get("flags")
    v2 = isinstance(flags, int) and bool(flags & COMPONENTS_V2)
    path = (*at, "components")
    top = form.items(path, body.get("components"), 40 if v2 else 5)
    for n, component in enumerate(top):
        kind = component.get("type")
        if kind != ROW and (not v2 or kind not in tuple(_LAYOUT)):
            kinds = "1, 9, 10, 12, 13, 14, 17" if v2 else "1"
            form.fail((*path, n, "type"), "BASE_TYPE_CHOICES", f"Value must be one of {{{kinds}}}.")
        _check(form, (*path, n), component, names)
    marks = Counter(str(part["custom_id"]) for part in walk(top) if part.get("custom_id"))
    if any(count > 1 for count in marks.values()):
        code = "COMPONENT_CUSTOM_ID_DUPLICATED"
        form.fail(path, code, "Component custom id cannot be duplicated")
    if v2:
        _check_v2(form, at, body, list(walk(top)))


def _check(form: Form, path: Path, component: Json, names: frozenset[str]) -> None:
    match component.get("type"):
        case 1:
            _check_row(form, path, component)
        case 2:
            _check_button(form, path, component)
        case 3 | 5 | 6 | 7 | 8:
            _check_select(form, path, component)
        case 10:
            form.text((*path, "content"), component.get("content"), 4000, 1)
        case 12:
            for n, item in enumerate(
                form.items((*path, "items"), component.get("items"), 10, least=1)
            ):
                _check_media(form, (*path, "items", n, "media"), item.get("media"), names)
        case 9 | 17:
            most = 3 if component.get("type") == SECTION else 40
            inner = form.items((*path, "components"), component.get("components"), most, least=1)
            for n, part in enumerate(inner):
                _check(form, (*path, "components", n), part, names)
            accessory = component.get("accessory")
            if isinstance(accessory, dict):
                _check(form, (*path, "accessory"), accessory, names)


def _check_media(form: Form, path: Path, value: object, names: frozenset[str]) -> None:
    url = str(form.part(path, value).get("url", ""))
    if url.startswith("attachment://") and url.removeprefix("attachment://") not in names:
        code = "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"
        form.fail((*path, "url"), code, "The referenced attachment was not found")


def _check_row(form: Form, path: Path, row: Json) -> None:
    inner = form.items((*path, "components"), row.get("components"), 5, least=1)
    kinds = [part.get("type") for part in inner]
    if len(inner) > 1 and SELECTS.intersection(k for k in kinds if isinstance(k, int)):
        code = "COMPONENT_LAYOUT_WIDTH_EXCEEDED"
        form.fail(path, code, "The specified component exceeds the maximum width")
    for n, part in enumerate(inner):
        here = (*path, "components", n)
        if part.get("type") not in (BUTTON, *SELECTS):
            form.fail(
                (*here, "type"), "BASE_TYPE_CHOICES", "Value must be one of {2, 3, 5, 6, 7, 8}."
            )
        _check(form, here, part, frozenset())


def _check_button(form: Form, path: Path, button: Json) -> None:
    form.text((*path, "label"), button.get("label"), 80)
    style = button.get("style")
    form.choice((*path, "style"), style, range(1, 7))
    if style is None:
        form.required((*path, "style"))
    if style == _LINK:
        form.url((*path, "url"), button.get("url"))
        if not button.get("url") or button.get("custom_id"):
            code = "BUTTON_COMPONENT_INVALID_LINK"
            form.fail(path, code, "A link button must have a url and no custom id")
    elif style != _PREMIUM:
        form.text((*path, "custom_id"), button.get("custom_id"), 100, 1)
        if button.get("url"):
            code = "BUTTON_COMPONENT_INVALID_URL"
            form.fail(path, code, "Only a link button may have a url")
    if style != _PREMIUM and not button.get("label") and not button.get("emoji"):
        code = "BUTTON_COMPONENT_REQUIRES_LABEL_OR_EMOJI"
        form.fail(path, code, "A button must have a label or an emoji")


def _check_select(form: Form, path: Path, select: Json) -> None:
    form.text((*path, "custom_id"), select.get("custom_id"), 100, 1)
    form.text((*path, "placeholder"), select.get("placeholder"), 150)
    if select.get("type") != SELECT:
        return
    options = form.items((*path, "options"), select.get("options"), 25, least=1)
    for n, option in enumerate(options):
        here = (*path, "options", n)
        form.text((*here, "label"), option.get("label"), 100, 1)
        form.text((*here, "value"), option.get("value"), 100, 1)
        form.text((*here, "description"), option.get("description"), 100)
    values = Counter(str(option.get("value")) for option in options)
    if any(count > 1 for count in values.values()):
        code = "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"
        form.fail((*path, "options"), code, "The specified option value is already used")
    least, most = select.get("min_values"), select.get("max_values")
    form.choice((*path, "min_values"), least, range(26))
    form.choice((*path, "max_values"), most, range(1, 26))
    if isinstance(most, int) and most > len(options):
        form.fail((*path, "max_values"), "BASE_TYPE_BAD_LENGTH", "More values than options.")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        form.fail((*path, "min_values"), "BASE_TYPE_BAD_LENGTH", "More than max_values.")


def _check_v2(form: Form, at: Path, body: Json, parts: list[Json]) -> None:
    for name in ("content", "embeds", "sticker_ids", "poll"):
        if body.get(name):
            code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
            form.fail((*at, name), code, f"The '{name}' field cannot be used with components v2")
    texts = [str(part.get("content", "")) for part in parts if part.get("type") == TEXT_DISPLAY]
    path = (*at, "components")
    if len(parts) > 40:
        form.fail(path, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 40 in length.")
    if sum(map(len, texts)) > 4000:
        code = "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"
        form.fail(path, code, "Displayable text size exceeds maximum size of 4000")
    form.done()
    if sum(len(text.encode()) + 12 for text in texts) > _V2_BYTES:
        raise Refusal(0, status=500)
