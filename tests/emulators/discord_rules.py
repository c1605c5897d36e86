"""What a message may hold: Discord developer documentation, "Create Message" and "Embed Limits"."""

from dataclasses import dataclass, field

from tests.emulators.discord_components import check_components
from tests.emulators.discord_errors import Form, Json, Path, Refusal

CONTENT, EMBEDS, EMBED_TOTAL, FILES = 2000, 10, 6000, 10
FILE_BYTES = 10 * 2**20
_ID_LISTS = ("users", "roles")
_MENTIONS = {"users", "roles", "everyone"}
_IMAGE_SCHEMES = ("http", "https", "attachment")


@dataclass(slots=True)
class Upload:
    """One file of a multipart body."""

    filename: str
    content: bytes = field(repr=False)
    content_type: str


@dataclass(slots=True)
class Body:
    """A request's JSON and its files by their number."""

    json: Json
    files: dict[int, Upload] = field(default_factory=dict)


def check_message(body: Body, *, at: Path = (), kept: frozenset[str] = frozenset()) -> None:
    """Refuse what Discord refuses in a message; ``kept`` names the files it has already."""
    if any(len(file.content) > FILE_BYTES for file in body.files.values()):
        raise Refusal(40005)
    form = Form()
    json = body.json
    form.text((*at, "content"), json.get("content"), CONTENT)
    if not isinstance(json.get("flags") or 0, int):
        form.fail((*at, "flags"), "NUMBER_TYPE_COERCE", "Value is not an int.")
    names = _check_attachments(form, (*at, "attachments"), body) | kept
    _check_embeds(form, (*at, "embeds"), json.get("embeds"), names)
    _check_mentions(form, (*at, "allowed_mentions"), json.get("allowed_mentions"))
    _check_nonce(form, (*at, "nonce"), json.get("nonce"))
    check_components(form, at, json, names)
    form.done()


def check_not_empty(body: Body) -> None:
    """Refuse a new message that has nothing to show."""
    json = body.json
    content = json.get("content")
    shown = isinstance(content, str) and content.strip()
    parts = ("embeds", "components", "sticker_ids", "poll")
    if not shown and not body.files and not any(json.get(part) for part in parts):
        raise Refusal(50006)


def _check_nonce(form: Form, path: Path, value: object) -> None:
    if isinstance(value, str) and len(value) > 25:
        form.fail(path, "NONCE_TYPE_TOO_LONG", "Must be 25 or fewer in length.")
    elif value is not None and (isinstance(value, bool) or not isinstance(value, str | int)):
        form.fail(path, "NONCE_TYPE_INVALID", "Nonce must be a string or a number.")


def _check_attachments(form: Form, path: Path, body: Body) -> frozenset[str]:
    listed = form.items(path, body.json.get("attachments"), FILES)
    if len(body.files) > FILES:
        form.fail(path, "BASE_TYPE_MAX_LENGTH", f"Must be {FILES} or fewer in length.")
    names = {file.filename for file in body.files.values()}
    for place, item in enumerate(listed):
        number = str(item.get("id", ""))
        here = (*path, place)
        form.text((*here, "description"), item.get("description"), 1024)
        if not number:
            form.required((*here, "id"))
        elif not number.isdecimal():
            form.fail((*here, "id"), "NUMBER_TYPE_COERCE", f'Value "{number}" is not snowflake.')
        elif int(number) < 2**22 and int(number) not in body.files:
            form.fail(
                (*here, "id"), "ATTACHMENT_NOT_FOUND", f"No file was sent as files[{number}]."
            )
        if name := item.get("filename"):
            names.add(str(name))
    return frozenset(names)


def _check_embeds(form: Form, path: Path, value: object, names: frozenset[str]) -> None:
    embeds = form.items(path, value, EMBEDS)
    total = sum(_check_embed(form, (*path, n), embed, names) for n, embed in enumerate(embeds))
    if total > EMBED_TOTAL:
        message = f"Embed size exceeds maximum size of {EMBED_TOTAL}"
        form.fail(path, "MAX_EMBED_SIZE_EXCEEDED", message)


def _check_embed(form: Form, path: Path, embed: Json, names: frozenset[str]) -> int:
    footer = form.part((*path, "footer"), embed.get("footer"))
    author = form.part((*path, "author"), embed.get("author"))
    texts = [
        form.text((*path, "title"), embed.get("title"), 256),
        form.text((*path, "description"), embed.get("description"), 4096),
    ]
    if footer:
        texts.append(form.text((*path, "footer", "text"), footer.get("text"), 2048, 1))
    if author:
        texts.append(form.text((*path, "author", "name"), author.get("name"), 256, 1))
    for n, item in enumerate(form.items((*path, "fields"), embed.get("fields"), 25)):
        texts.append(form.text((*path, "fields", n, "name"), item.get("name"), 256, 1))
        texts.append(form.text((*path, "fields", n, "value"), item.get("value"), 1024, 1))
    form.url((*path, "url"), embed.get("url"))
    pictures = 0
    for part in ("image", "thumbnail"):
        picture = form.part((*path, part), embed.get(part))
        if picture:
            pictures += 1
            form.text((*path, part, "url"), picture.get("url"), 2048, 1)
            check_media(form, (*path, part, "url"), picture.get("url"), names)
    for holder, icon in ((footer, ("footer", "icon_url")), (author, ("author", "icon_url"))):
        check_media(form, (*path, *icon), holder.get("icon_url"), names)
    form.url((*path, "author", "url"), author.get("url"))
    if not any(texts) and not pictures:
        form.required((*path, "description"))
    return sum(map(len, texts))


def check_media(form: Form, path: Path, value: object, names: frozenset[str]) -> None:
    """An address of a picture; ``attachment://`` has to name a file of this message."""
    url = form.url(path, value, _IMAGE_SCHEMES)
    if url.startswith("attachment://") and url.removeprefix("attachment://") not in names:
        code = "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"
        form.fail(path, code, "The referenced attachment was not found")


def _check_mentions(form: Form, path: Path, value: object) -> None:
    allowed = form.part(path, value)
    parse = allowed.get("parse") or []
    if not isinstance(parse, list) or not _MENTIONS.issuperset(map(str, parse)):
        message = f"Value must be one of {sorted(_MENTIONS)}."
        form.fail((*path, "parse"), "BASE_TYPE_CHOICES", message)
        return
    for kind in _ID_LISTS:
        ids = allowed.get(kind) or []
        if not isinstance(ids, list):
            form.fail((*path, kind), "BASE_TYPE_BAD_TYPE", "Must be a list of ids.")
        elif len(ids) > 100:
            form.fail((*path, kind), "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.")
        if ids and kind in parse:
            message = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            form.fail(path, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message)
