r"""LaTeX as arXiv's authors write it, rendered as plain Unicode.

It reads what they mean rather than what TeX accepts: ``%`` is a per cent sign, an unknown macro
keeps its name, braces may be unbalanced, a dollar may be money. It goes over the source once, to a
bounded depth, so that no input can make it hang. Rules: the LaTeX2e reference manual, and
https://info.arxiv.org/help/prep.html on what arXiv itself makes of accents (``{\deg}``).
"""

import re

from core.delimiters import Closings
from core.symbols import (
    MATH_ACCENTS,
    TEXT_ACCENTS,
    accented,
    blackboard,
    character,
    fraction,
    root,
    script,
    spaced,
    symbol,
)

URL = (
    r"(?:(?:https?|ftp)://|(?<![\w/.@-])www\.)"
    r"""(?:[^\s{}\\$<>"()]|\\[_%#&~]|\([^\s{}()\\$]*\))+"""
)
_RUN = r"(?:[^\\{}$^_hfw]|[hfw](?!ttps?://|tp://|ww\.))+"
_TOKEN = re.compile(rf"{_RUN}|\\[A-Za-z]+\*?|\\.|[\\{{}}$^_]|(?P<url>{URL})|.")
_DEPTH = 30


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_STYLES = _names("""bf it em rm tt sc sf sl bfseries itshape ttfamily scshape normalfont cal tiny small large
    footnotesize centering noindent displaystyle textstyle limits nolimits protect xspace left
    right middle big Big bigg Bigg bigl bigr Bigl Bigr par newline linebreak item""")
_WRAPPERS = _names(
    """text textbf textit texttt textsc textsf textrm textsl textup textmd textnormal mathbb mathbf
    mathcal mathds mathfrak mathit mathrm mathscr mathsf mathtt mathnormal Bbb emph mbox hbox fbox smash underline uline bm boldsymbol pmb operatorname ensuremath mathop
    mathrel mathbin underbrace overbrace substack path ref eqref thanks"""
)
_DROPPED = _names("""label vspace hspace color begin end phantom hphantom vphantom includegraphics
    bibliographystyle bibliography""")
_LAST_OF_TWO = _names("textcolor colorbox stackrel overset underset raisebox")
_FRACTIONS = _names("frac dfrac tfrac cfrac nicefrac sfrac")
_CITES = _names("cite citep citet citeauthor citeyear citealp parencite textcite")
_SPACES = dict.fromkeys(",;:> \\", " ") | dict.fromkeys("!-/@", "")

_AHEAD = re.compile(r" *(?:[\w(]|\\(?:left|[bB]igg?l?) *(?:[(\[]|\\\{)|\\(?P<name>[A-Za-z]+))")
_SIGN_ACCENT = re.compile(r" ?(?:\{|[^\W\d_]|\\[ij](?![A-Za-z]))")
_LETTER_ACCENT = re.compile(r" ?\{| [^\W\d_]| \\[ij](?![A-Za-z])")
_SET = re.compile(r"\s*\w{1,2}\s*,")


def render(source: str) -> tuple[str, list[str]]:
    """The source as plain text without a backslash, and the addresses its commands name."""
    renderer = _Renderer(source)
    return renderer.run(0, len(source)).replace("\\", ""), renderer.links


def address(text: str) -> str:
    """An address as a browser wants it, without LaTeX's escapes."""
    return re.sub(r"\\([_%#&~$])|[\\{}\s]+", r"\1", text.replace("\\textasciitilde", "~"))


class _Renderer:
    r"""One source being rendered; ``links`` gathers what ``\href`` and ``\url`` point to."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.links: list[str] = []
        closings = Closings(source)
        self.braces, self.dollars = closings.braces, closings.dollars
        self.displays = closings.displays
        self.depth = 0
        self.math = False
        self.out: list[str] = []

    def run(self, start: int, end: int, *, math: bool = False) -> str:
        """What stands between two places, read as text or as mathematics."""
        if self.depth > _DEPTH:
            return re.sub(r"[\\{}$]+", "", self.source[start:end])
        outer = self.out, self.math
        self.out, self.math = [], math
        self.depth += 1
        while start < end:
            start = self.token(start, end)
        self.depth -= 1
        text = "".join(self.out)
        self.out, self.math = outer
        return text

    def token(self, at: int, end: int) -> int:
        """Render the piece at ``at``; where the next one starts."""
        match = _TOKEN.match(self.source, at, end)
        if match is None:
            return at + 1
        piece, after = match[0], match.end()
        if match["url"]:
            self.out.append(address(piece))
        elif piece[0] == "\\" and len(piece) > 1:
            return self.command(piece[1:], after, end)
        elif piece == "{" and at in self.braces:
            inner = self.run(after, self.braces[at], math=self.math)
            if not self.math and _SET.match(inner):
                inner = f"{{{inner}}}"  # {1, 2, 3} in prose is a set
            self.out.append(f"({inner})" if " choose " in inner and inner[0] != "(" else inner)
            return self.braces[at] + 1
        elif piece == "$":
            return self.dollar(at)
        elif piece in "^_" and (self.math or self.source[after : after + 1] == "{"):
            text, after = self.argument(after, end, math=True)
            joined = self.source[after : after + 1].isalnum()
            self.out.append(script(piece, text, joined=joined))
        elif piece not in "\\{}":
            self.out.append(piece.replace("'", "′").replace("~", " ") if self.math else piece)
        return after

    def dollar(self, at: int) -> int:
        """Render the formula that opens at this dollar, or the dollar itself if it is money."""
        close = self.dollars.get(at)
        if close is None:
            before, after = "".join(self.out[-1:])[-1:], self.source[at + 1 : at + 3]
            # A price, or a name such as "KV$"; any other is what broken mathematics left behind.
            if re.match(r"\s?\.?\d", after) or (before.isalnum() and not after[:1].isalnum()):
                self.out.append("$")
            return at + 1
        width = 2 if self.source.startswith("$$", at) and close > at + 1 else 1
        self.formula(at + width, close)
        return close + width

    def formula(self, start: int, end: int) -> None:
        """Render a whole formula."""
        text = spaced(self.run(start, end, math=True))
        # A lone minus is a dash that some write as mathematics.
        dash = text == "-" and not re.match(r"[\d$]", self.source[end + 1 : end + 2])
        self.out.append("–" if dash else text)

    def argument(self, at: int, end: int, *, math: bool) -> tuple[str, int]:
        """The argument at ``at`` (a group, a command or one character), and where it ends."""
        at = self.skip(at, end)
        if at in self.braces:
            return self.run(at + 1, self.braces[at], math=math), self.braces[at] + 1
        char = self.source[at : min(at + 1, end)]
        if char == "\\" and self.depth <= _DEPTH:
            outer = self.out, self.math
            self.out, self.math = [], math
            self.depth += 1
            at = self.token(at, end)
            self.depth -= 1
            text = "".join(self.out)
            self.out, self.math = outer
            return text, at
        return ("", at) if char in "{}$\\" else (char, at + 1)

    def raw(self, at: int, end: int) -> tuple[str, int]:
        """The group at ``at`` as it is written, and where it ends; empty where there is none."""
        start = self.skip(at, end)
        close = self.braces.get(start)
        return ("", at) if close is None else (self.source[start + 1 : close].strip(), close + 1)

    def skip(self, at: int, end: int) -> int:
        """The first place from ``at`` that is not a space."""
        while at < end and self.source[at] == " ":
            at += 1
        return at

    def command(self, name: str, at: int, end: int) -> int:
        """Render the command whose arguments start at ``at``; where they end."""
        name = name.rstrip("*") or name
        if at - 2 in self.displays:
            self.formula(at, self.displays[at - 2])
            return self.displays[at - 2] + 2
        if name in TEXT_ACCENTS and not self.math and (place := self.accent(name, at, end)):
            return place
        if not name[0].isalpha():
            plain = name if name not in "|()[]" or not self.math else name.replace("|", "‖")
            self.out.append(_SPACES.get(name, plain))
            return at
        if name in _STYLES:
            at = self.skip(at, end)
            return at + (name in {"left", "right", "middle"} and self.source[at : at + 1] == ".")
        if name in _DROPPED or name in _LAST_OF_TWO:
            at = self.raw(at, end)[1]
            return at if name in _DROPPED else self.wrapped(name, at, end)
        return self.structure(name, at, end)

    def accent(self, name: str, at: int, end: int) -> int:
        """Render an accented letter; 0 where none follows, so that the command is no accent."""
        pattern = _LETTER_ACCENT if name.isalpha() else _SIGN_ACCENT
        if not pattern.match(self.source, at, end):
            return 0
        before = "".join(self.out[-1:])[-1:]
        if name == "'" and before.isalnum() and re.match(r"s\b", self.source[at : at + 2]):
            self.out.append("'")  # an apostrophe escaped in vain
            return at
        text, place = self.argument(at, end, math=False)
        text = text.translate({0x131: "i", 0x237: "j"})
        if text == "opyright":
            self.out.append("©")  # what arXiv makes of \copyright
        else:
            self.out.append(accented(TEXT_ACCENTS[name], text) if text[:1].isalpha() else text)
        return place

    def structure(self, name: str, at: int, end: int) -> int:
        """Render a command with a form of its own: links, fractions, roots, accents, notes."""
        if name in {"href", "url", "nolinkurl"}:
            return self.link(name, at, end)
        if name in _FRACTIONS or name in {"binom", "dbinom", "tbinom"}:
            above, at = self.argument(at, end, math=True)
            below, at = self.argument(at, end, math=True)
            factor = self.product(at, end)
            ratio = fraction(above, below, factor=factor)
            self.out.append(ratio if name in _FRACTIONS else f"({above} choose {below})")
        elif name == "sqrt":
            match = re.compile(r" *\[([^\[\]{}$]*)\]").match(self.source, at, end)
            text, at = self.argument(match.end() if match else at, end, math=True)
            self.out.append(root(match[1] if match else "", text))
        elif name in MATH_ACCENTS:
            text, at = self.argument(at, end, math=True)
            # Over a whole expression no mark is legible.
            legible = text.isalnum() or name == "not"
            self.out.append(accented(MATH_ACCENTS[name], text) if legible else text)
        elif name in _CITES:
            text, at = self.raw(at, end)
            self.out.append(f"[{text}]" if text else "")
        elif name in {"footnote", "pmod"}:
            text, at = self.argument(at, end, math=self.math)
            self.out.append(f" ({'mod ' * (name == 'pmod')}{text})")
        elif name == "unicode":
            text, at = self.raw(at, end)
            self.out.append(character(text))
        else:
            return self.wrapped(name, at, end)
        return at

    def product(self, at: int, end: int) -> bool:
        """Whether what is rendered next to ``at``, on either side, is a factor of a product."""
        before = "".join(self.out[-2:]).rstrip()[-1:]
        if before.isalnum() or before in {")", "]"}:
            return True
        match = _AHEAD.match(self.source, at, end)
        if match is None or not (name := match["name"]):
            return match is not None
        char = symbol(name)
        dressed = name.startswith("text") or name in _STYLES or name in _DROPPED
        return not dressed and (char is None or char.isalpha())

    def link(self, name: str, at: int, end: int) -> int:
        r"""Render ``\href{address}{text}`` or ``\url{address}`` and keep the address."""
        target, at = self.raw(at, end)
        link = address(target)
        if re.match(URL, link):
            self.links.append(link)
        text = ""
        if name == "href" and self.skip(at, end) in self.braces:
            text, at = self.argument(at, end, math=False)
        self.out.append(text or (link if re.match(URL, link) else target.replace("\\", "")))
        return at

    def wrapped(self, name: str, at: int, end: int) -> int:
        """Render a command that only dresses its argument, or a symbol, or a macro's name."""
        if name in {"textsuperscript", "textsubscript"}:
            text, at = self.argument(at, end, math=False)
            self.out.append(script("^" if "super" in name else "_", text, joined=False))
        elif (char := None if self.math and name == "deg" else symbol(name)) is not None:
            self.out.append(char)
            if self.math and (char.isalpha() or char in "∂∇"):
                place = self.skip(at, end)
                follows = re.compile(r"[\w\\]").match(self.source, place, end)
                return place if follows else at
        elif name in _WRAPPERS or name in _LAST_OF_TWO:
            inside = self.math and not name.startswith("text")
            text, at = self.argument(at, end, math=inside or name.startswith("math"))
            self.out.append(blackboard(text) if name in {"mathbb", "Bbb"} else text)
        else:
            return self.named(name, at, end)
        return at

    def named(self, name: str, at: int, end: int) -> int:
        r"""Render an operator (``\log``) or a macro of the author's (``\chipname``) by its name."""
        text = ""
        if self.skip(at, end) in self.braces:
            text, at = self.argument(at, end, math=self.math)
        if self.math:
            before = "".join(self.out[-1:])[-1:]
            glued = re.match(r"[^\W_]|\\(?!left|right|big|Big)\w", self.source[at : at + 7])
            name = " " * (before.isalnum() or before in {")", "]"}) + name + " " * bool(glued)
        if text and not self.math and re.match(r"[A-Za-z]{2}", text):
            name = ""  # a macro around prose only dresses it: \red{by}
        elif text:
            text = f" {text}" if self.math and re.fullmatch(r"\w+", text) else f"({text})"
        self.out.append(name + text)
        return at
