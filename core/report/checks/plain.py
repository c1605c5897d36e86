"""Plain text: no LaTeX, markup, address, mention or invisible character may reach a chat."""

import html
import re
import unicodedata
from collections.abc import Iterator

from core.report.checks import Fault
from core.report.checks.texts import normal

_ZERO_WIDTH_LETTERS = (
    "\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5\u180b\u180c\u180d\u180f\ufffd"
)
_CONTROL_KINDS = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_STACKED = re.compile(r"[\u0300-\u036f\u20d0-\u20ff]{2,}")
_SHOWN = 30

# An amount of money: "$5M", "US$ 20", "$10-$20", "$1.5 billion"; never "$5$" or "$3\times$".
_MONEY = re.compile(
    r"\$\s?\d[\d,]*(?:\.\d+)?\s?(?:[KMBTkmb]n?\b|thousand|million|billion|trillion)?"
    r"(?!\s*[\\^_{$=<>*+/]|[\d.]*\$)"
)
_LATEX = re.compile(
    r"\\|\$|[_^]\s?\{|``|(?<!\w)''|''(?!\w)"
    r"|\b(?:mathcal|mathbf|mathrm|mathbb|textbf|textit|texttt|operatorname|emph)\b"
)
# Sound where the source, once cleaned, has the same: "T^(2/3)", "{0, 1}", "x_i".
_FORMULA = re.compile(
    r"[{}]|(?<=[\w)\]])\^[\w(*+⁻-]|(?<![A-Za-z0-9_])[A-Za-zΑ-ω]_[A-Za-z0-9(](?![A-Za-z0-9_]{2})"
)
_MARKUP = re.compile(
    r"</?[A-Za-z!][^<>]*>|<!--|-->|<\|[^<>]*\|?>?"
    r"|&(?:[A-Za-z][A-Za-z0-9]{1,31}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});"
    r"|\*\*|(?<![A-Za-z0-9*)\]])\*[^\s*](?:[^*\n]*[^\s*])?\*|\*[가-힣ぁ-ヿ一-鿿][^*\n]*\*"
    r"|__|(?<![A-Za-z0-9_Α-ω₀-₉])_(?=[^\W_])[^_\n]*[^\s_]_(?![A-Za-z0-9_])"
    r"|~~|\|\|[^|]+\|\||`"
    r"|\]\s?\(|!\[|\]\[[^\d\]]|\[\^|\[/?[A-Z]{3,}\]"
    r"|^\s*\|.*\||\|\s[^|]*\s\||\|\s*$|\|\s*:?-{2,}"
    r"|[\r\n\v\f\x85]"
    r"|(?<![\w:]):[a-z][a-z0-9_+-]+:(?![\w:])"
    r"|\"(?:text|cites|themes|keywords|findings|impact|outlook)\"\s*:?",
    re.MULTILINE,
)
# Only where a line begins.
_OPENING_MARKUP = re.compile(
    r"^\s*(?:#{1,6}(?:\s|(?=[^\W\d]))|-#\s|>{1,3}\s?\S|[-*+•·‣▪▫●○◦■□◆◇▶►–—―※☞→⇒]\s*(?=\S)"
    r"|\(?\d{1,2}[.)](?:\s|(?=[^\d\s]))|\(?[a-z][.)]\s|[①-⓿❶-➓㈀-㋾]"
    r"|([-*_=~])\1{2,}|\[[ xX]\]\s|(?:제\s?)?[IVX]{1,4}\.\s)",
    re.MULTILINE,
)
# "p(x | y)" is no table.
_CONDITION = re.compile(r"\([^()|]*\s\|\s[^()|]*\)")
_ONLY_A_MINUS = re.compile(r"^\s*[-–]\d")
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b05-\u2b07\u2b1b-\u2b1c\u2b50\u2b55\u231a-\u23ff\ufe0f\u20e3]"
)

_TLD = (
    "com|org|net|io|ai|edu|gov|mil|int|info|biz|dev|app|xyz|site|online|club|shop|top|tech|cloud"
    "|link|page|wiki|blog|news|live|science|kr|jp|cn|tw|hk|uk|de|fr|eu|ru|su|ch|nl|ca|au|br|pl|se"
    "|gg|ly|tv|cc|ws|sh|gl|fm|vc|ml|tk|ga|cf|pw|su|zip|mov|moe|eth"
)
_BEFORE = r"(?<![A-Za-z0-9@-])(?<![A-Za-z0-9]\.)"
_LINK = re.compile(
    r"[a-z][a-z0-9+.-]{1,20}:/{1,2}(?=[\w\[])|\bhxxps?\b|(?<![A-Za-z])(?:mailto|tel|javascript|data|tg|magnet):\S"
    r"|(?<![A-Za-z0-9])www\d?\.(?=\S)"
    rf"|{_BEFORE}(?:[a-z0-9][a-z0-9-]*\.)+(?:{_TLD})(?![A-Za-z0-9-])"
    rf"|{_BEFORE}(?:[a-z0-9][a-z0-9-]*\.)+(?-i:com|org|co\.kr|co\.jp)"
    rf"|{_BEFORE}(?:t\.me|youtu\.be|goo\.gl|git\.io|telegram\.me|doi\.org)(?![A-Za-z0-9])"
    rf"|{_BEFORE}[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?!js/|py/|md/|net/)[a-z]{{2,10}}(?::\d+)?/\w"
    r"|[\w.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}"
    r"|(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])"
    r"|(?<![A-Za-z])(?:arxiv|doi)\s?:\s?\S*\d|(?<![\d.])10\.\d{4,9}/\S"
    r"|\w\s?[\[(](?:dot|\.)[\])]\s?[a-z]{2,6}\b"
    r"|(?<![A-Za-z])localhost(?![A-Za-z])",
    re.IGNORECASE,
)
_MENTION = re.compile(
    r"@\s?(?:everyone|here|channel|all|admins?)(?![A-Za-z])"
    r"|<\s?(?:@[!&]?|#|a?:\w+:|t:|/[\w -]+:|id:)\s?[\d\w:-]+>?"
    r"|(?<![A-Za-z0-9@])@[^\W\d][\w.]*|(?<=\w)@(?-i:[a-z][a-z_]{3,})"
    r"|(?<![A-Za-z0-9&])#[^\W\d]\w*"
    r"|(?:(?<=[\s(、,。])|(?<=^))/[a-z]{3,}(?![A-Za-z0-9/])",
    re.IGNORECASE,
)
# "the Character.AI app" is rather a name than an address; in small letters it is one.
_NAMED = re.compile(r"(?:[A-Z][A-Za-z0-9]+)\.(?:AI|ai|IO|io|NET)")
_SOUND_PLACES = re.compile(
    r"(?:mAP|pass|recall|precision|ndcg|hits?|top|maj)(?:@\w+|\s?@\s?\d\w*)", re.IGNORECASE
)


def plain(text: str, source: str) -> Iterator[Fault]:
    """Every kind of fault that makes this text more, or less, than one line of plain text.

    ``source`` is the cited papers' text: formulas that stand there so are no LaTeX.
    """
    if found := _control(text):
        yield Fault("control", found)
    # What a chat or a browser makes of it counts: full-width signs and entities are seen through.
    seen = html.unescape(_visible(unicodedata.normalize("NFKC", text)))
    if found := _latex(text, source):
        yield Fault("latex", found)
    if found := _found(_LINK, _NAMED.sub("", seen)):
        yield Fault("link", found)
    if found := _found(_MENTION, _SOUND_PLACES.sub("", seen)):
        yield Fault("mention", found)
    if found := _markup(text):
        yield Fault("markup", found)


def _visible(text: str) -> str:
    return "".join(char for char in text if unicodedata.category(char) not in {"Cf", "Cc"})


def _found(pattern: re.Pattern[str], text: str) -> str:
    """What was found with a little of what follows, or nothing."""
    match = pattern.search(text)
    return text[match.start() : match.end() + 10][:_SHOWN].strip() if match else ""


def _control(text: str) -> str:
    for char in text:
        # Line breaks are markup, not control characters.
        if char not in "\n\r" and (
            unicodedata.category(char) in _CONTROL_KINDS or char in _ZERO_WIDTH_LETTERS
        ):
            return f"U+{ord(char):04X}"
        if "\U000e0100" <= char <= "\U000e01ef" or "\ufe00" <= char <= "\ufe0e":
            return f"U+{ord(char):04X}"
    return "stacked marks" if _STACKED.search(unicodedata.normalize("NFC", text)) else ""


def _latex(text: str, source: str) -> str:
    seen = _MONEY.sub(" ", normal(text))
    if found := _found(_LATEX, seen):
        return found
    for word in seen.split():
        bare = word.strip(".,;:()\"'“”‘’")
        if (match := _FORMULA.search(word)) and (not bare.isascii() or bare not in source):
            # Particles may follow a formula directly.
            stem = re.split(r"[가-힣ぁ-ヿ一-鿿]", bare[match.start() :])[0] if bare else ""
            if not stem or stem not in source:
                return word[:_SHOWN]
    return ""


def _markup(text: str) -> str:
    if (opening := _OPENING_MARKUP.search(text)) and not _ONLY_A_MINUS.match(text):
        return opening[0].strip() or "a line's beginning"
    if emoji := _EMOJI.search(text):
        return f"U+{ord(emoji[0]):04X}"
    match = _MARKUP.search(_CONDITION.sub(" ", text))
    return (match[0].strip() or "a line break")[:_SHOWN] if match else ""
