"""A message as a chat keeps it, and a topic of a forum."""

from dataclasses import dataclass, field

from tests.emulators.telegram_errors import Json


@dataclass(slots=True)
class Topic:
    """A forum topic; its id is that of the service message that made it."""

    id: int
    name: str
    icon_color: int = 7322096
    closed: bool = False
    deleted: bool = False


@dataclass(slots=True)
class Message:
    """A message as the chat shows it: ``json`` is the Bot API's object, the rest what it hides."""

    json: Json
    by_bot: bool = False
    silent: bool = False
    parse_mode: str | None = None
    deleted: bool = False
    edits: list[Json] = field(default_factory=list)

    @property
    def id(self) -> int:
        """``message_id``."""
        return int(self.json["message_id"])

    @property
    def chat_id(self) -> int:
        """The chat it is in."""
        return int(self.json["chat"]["id"])

    @property
    def text(self) -> str:
        """The text, or the caption."""
        return str(self.json.get("text", self.json.get("caption", "")))

    @property
    def entities(self) -> list[Json]:
        """Those of the text or the caption."""
        return [*self.json.get("entities", ()), *self.json.get("caption_entities", ())]

    @property
    def thread(self) -> int | None:
        """The topic it is in."""
        return self.json.get("message_thread_id")

    @property
    def reply_to(self) -> int | None:
        """The message it answers, not the one that made its topic."""
        answered = self.json.get("reply_to_message") or {}
        return None if "forum_topic_created" in answered else answered.get("message_id")

    @property
    def photo(self) -> str | None:
        """``file_id`` of the largest size."""
        sizes = self.json.get("photo")
        return sizes[-1]["file_id"] if sizes else None

    @property
    def buttons(self) -> list[Json]:
        """The inline keyboard's buttons, row after row."""
        rows = self.json.get("reply_markup", {}).get("inline_keyboard", [])
        return [button for row in rows for button in row]

    def bare(self) -> Json:
        """The object as it stands inside an answer to it: without what it answers itself."""
        return {name: value for name, value in self.json.items() if name != "reply_to_message"}
