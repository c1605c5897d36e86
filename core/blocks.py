"""The parts of a Post: messages of blocks of spans, in no platform's own terms."""

from dataclasses import dataclass

PARENT = "parent"


@dataclass(frozen=True, slots=True)
class Text:
    """Plain words."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that stand out."""

    text: str


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Words said aside."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """Words to be typed or copied as they are."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to an address (http or https)."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Jump:
    """Words that lead to another message of the same Post, named by its part."""

    text: str
    part: str


@dataclass(frozen=True, slots=True)
class Cite:
    """The mark [n] that leads to the source it stands for."""

    number: int
    url: str


Span = Text | Strong | Emphasis | Code | Link | Jump | Cite
Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """The name of what follows."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One or more sentences."""

    spans: Line


@dataclass(frozen=True, slots=True)
class Items:
    """A list; numbered from 1 where the numbers mean something."""

    lines: tuple[Line, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """Lines set apart, which a chat may fold away."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: what it counts, how many, ``#rrggbb``, change against the mean."""

    name: str
    count: int
    colour: str
    change: int | None = None


@dataclass(frozen=True, slots=True)
class BarChart:
    """How many papers each category of a day has; ``total`` says how many in all."""

    title: str
    total: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class DayChart:
    """How many papers something had on each of the last days, the oldest first.

    ``days`` are labels with counts, None where the count is not known; the last one is the day that
    the message is about. ``mean`` is of the known days before it, and ``beside`` names it.
    """

    title: str
    colour: str
    days: tuple[tuple[str, int | None], ...]
    mean: float | None = None
    beside: str = ""


@dataclass(frozen=True, slots=True)
class TrendChart:
    """All papers of the last days, and some of their parts on the same days, each on its own scale.

    The parts' titles are their names.
    """

    whole: DayChart
    parts: tuple[DayChart, ...]


Chart = BarChart | DayChart | TrendChart


@dataclass(frozen=True, slots=True)
class Image:
    """A picture: the file that holds it, words instead of it, and the chart it shows."""

    file: str
    alt: str
    chart: Chart


@dataclass(frozen=True, slots=True)
class Ask:
    """One line of text that a reader is asked for: the option it fills, what that is, its value now.

    ``empty`` is what is said where nothing is written; without it something must be.
    """

    option: str
    label: str
    value: str = ""
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """Something a reader can do with one press: its label, and the command that is then run.

    ``asks``: a line of text is asked for first. ``in_place``: the answer takes the place of the
    message that the press stands under.
    """

    label: str
    command: str
    arguments: tuple[tuple[str, str], ...] = ()
    asks: Ask | None = None
    in_place: bool = False


@dataclass(frozen=True, slots=True)
class Actions:
    """Buttons beside each other; a platform without buttons leaves them out."""

    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose in a menu: its label, its value, and whether it is chosen now."""

    label: str
    value: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """A menu: a question, and the command that gets what is chosen as its ``option``.

    The answer takes the place of the message. Where ``several`` can be chosen, a platform gives
    either all of them (``cv,llm``) or what changes (``+cv``, ``-cv``); ``none`` stands for choosing
    nothing.
    """

    question: str
    command: str
    option: str
    choices: tuple[Choice, ...]
    arguments: tuple[tuple[str, str], ...] = ()
    several: bool = False
    none: Choice | None = None


Block = Heading | Paragraph | Items | Quote | Image | Choices | Actions


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its part (``parent`` or a category's slug), title, blocks and label.

    ``colour`` is its accent; ``label`` says who wrote it and stands in the footer.
    """

    part: str
    title: str
    colour: str
    blocks: tuple[Block, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """A platform-neutral message tree: the parent and its replies.

    ``day`` is the edition's date (ISO 8601), empty for an answer about no edition. ``thread`` names
    the thread of the replies where a platform has such.
    """

    day: str
    language: str
    parent: Message
    replies: tuple[Message, ...] = ()
    thread: str = ""

    @property
    def messages(self) -> tuple[Message, ...]:
        """All of them in the order in which they are read."""
        return (self.parent, *self.replies)

    def label(self, message: Message) -> str:
        """The line of the contents that leads to a message, else its title: what a button says."""
        for block in self.parent.blocks:
            for line in block.lines if isinstance(block, Items) else ():
                if any(isinstance(span, Jump) and span.part == message.part for span in line):
                    return "".join(getattr(span, "text", "") for span in line)
        return message.title

    def footer(self, message: Message, part: int = 1, parts: int = 1) -> str:
        """The stable mark by which a sent message is recognised: ``2025-08-06 · cv · 2/3``."""
        return f"{self.day} · {message.part} · {part}/{parts}"
