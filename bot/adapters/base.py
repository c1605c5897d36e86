"""What a chat platform is to the rest of the program, and what it may ask of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, Protocol

from core.blocks import Post
from core.delivery import Delivery, Frozen
from core.i18n import Phrase, catalog
from core.subscription import Target


class SendError(Exception):
    """A message that was not sent; the message says why, in words for the log."""


class TransientError(SendError):
    """It was not sent, and may be later.

    With ``retry_after`` it is tried again after that for as long as it takes: the platform asked to
    wait, or is out of reach. Without, the tries are counted.
    """

    def __init__(self, reason: str, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class RefusedError(SendError):
    """The platform will never take it from us; ``phrase`` is a reason that people can act on."""

    def __init__(self, phrase: Phrase) -> None:
        super().__init__(catalog("en").text(phrase))
        self.phrase = phrase


class MovedError(SendError):
    """The chat goes on under another id, and what is owed to it with it."""

    def __init__(self, target: Target) -> None:
        super().__init__(f"the chat is {target.chat} now")
        self.target = target


class UnknowableError(SendError):
    """Nobody can say whether it was sent, and the operator chose not to send it again."""


class InDoubtError(Exception):
    """It may have been sent: the answer did not come, or was none."""


class BadTokenError(Exception):
    """The platform does not know this token; the message names the setting."""


@dataclass(frozen=True, slots=True)
class Option:
    """What can be said beside a command; ``kind`` is how platforms help to say it."""

    name: str
    kind: Literal["category", "date", "days", "text", "flag", "language", "number"]


@dataclass(frozen=True, slots=True)
class Command:
    """A command as people see it; its words stand in the language files (``command.digest``).

    ``managers``: in a group only for those who manage it.
    """

    name: str
    options: tuple[Option, ...] = ()
    managers: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """A command that somebody gave.

    ``arguments`` are by option; ``line`` is what was typed behind the command where the platform
    has no options. ``person`` is the platform's id of who asks, ``language`` a code as the platform
    tells it. ``place`` is the channel's name, empty in a private chat. ``forum`` is what the target
    is a thread of, where every day can have a thread of its own.

    ``pressed``: by a button or a menu, which may be older than this program. ``asks`` is the option
    that the person wants to be asked for. ``alone``: nobody else sees the answer. ``elsewhere``: it
    was given where the bot itself is not, so that the target is the person.
    """

    command: str
    target: Target
    person: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    line: str = ""
    language: str = ""
    private: bool = False
    manager: bool = False
    place: str = ""
    forum: Target | None = None
    pressed: bool = False
    asks: str = ""
    alone: bool = False
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class ChatChange:
    """What became of a chat: we came in, were taken out or blocked, may write again, or it moved.

    ``reason`` says for the people concerned why nothing can arrive; ``to`` is where a chat moved.
    A target without a thread speaks for all of its threads and topics, but where it is told of
    ``alone``: so a forum's first topic, which has no thread of its own.
    """

    kind: Literal["joined", "left", "open", "moved"]
    target: Target
    reason: Phrase | None = None
    to: Target | None = None
    language: str = ""
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer: a post of one message or more; ``private`` for the asker alone if that can be.

    ``beside``: a word to who pressed, which changes nothing and leaves no message where it need not.
    """

    post: Post
    private: bool = True
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One way to complete what is being typed."""

    label: str
    value: str


class Commands(Protocol):
    """The one table of commands, the same on every platform."""

    @property
    def table(self) -> Sequence[Command]:
        """Every command, in the order of the help."""

    async def answer(self, request: Request) -> Reply:
        """The answer to a command; what is wrong with it is an answer too. Raises nothing."""

    def suggest(self, option: Option, typed: str, language: str) -> Sequence[Suggestion]:
        """What may be meant by the beginning of an option's value, the likeliest first."""

    async def changed(self, change: ChatChange) -> Reply | None:
        """Take note of what became of a chat; what to say there, if anything. Raises nothing."""


class Adapter(Protocol):
    """One platform: renders a Post for its limits, sends what is owed, recognises what it sent."""

    @property
    def platform(self) -> str:
        """The name that targets carry."""

    @property
    def at_once(self) -> int:
        """How many messages may be in doubt after a crash: 1 where none can be recognised."""

    async def start(self, commands: Commands | None) -> None:
        """Connect, and answer commands from now on; None is to send only. Raises BadTokenError.

        Where the platform is out of reach it goes on trying in the background.
        """

    async def stop(self) -> None:
        """Disconnect."""

    def is_private(self, target: Target) -> bool:
        """Whether it is a chat with one person, who gets one message with buttons."""

    async def missing_permissions(self, target: Target, language: str) -> Sequence[str]:
        """What we would need there and may not do, in words; empty where that is not known."""

    def role(self, target: Target) -> str:
        """The name of what permissions are given to there; empty where it is the bot itself."""

    def freeze(self, post: Post, *, private: bool) -> Sequence[Frozen]:
        """The post's messages as this platform takes them, the parent first. Pure."""

    async def send(self, delivery: Delivery) -> str:
        """Send one message and give its id.

        Raises TransientError, RefusedError, MovedError, or UnknowableError where this message alone
        is lost and its chat is well.

        InDoubtError, and anything else that is raised, leaves open whether it was sent.
        """

    async def amend(self, delivery: Delivery, links: Mapping[str, str]) -> None:
        """Show a sent message as its body is now, its jumps leading to the messages of ``links``.

        ``links`` are ids by part. Where that is how it stands already, nothing happens. Raises as
        ``send`` does, UnknowableError where it can never be: it may be tried again without harm.
        """

    async def tell(self, person: str, post: Post) -> None:
        """Write to a person alone, without a sound. Raises SendError where that cannot be."""

    async def find(self, delivery: Delivery, known: Collection[str] = ()) -> str | None:
        """The id of this delivery's message if it was sent before a crash, else None.

        ``known`` are messages of that chat which are other deliveries'. Raises UnknowableError, or TransientError where the platform cannot be asked now.
        """
