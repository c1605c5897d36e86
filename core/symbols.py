"""How one piece of LaTeX mathematics looks in plain Unicode: symbols, scripts, accents, fractions.

Characters come from unicodeit's tables, imported on first use because most texts need none.
"""

import re
import unicodedata
from functools import cache


def _pairs(text: str) -> dict[str, str]:
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


# Where unicodeit is silent, or answers with a character that reads or composes badly: its \langle
# is East Asian and wide, its \i an information sign, its \phi a variant few fonts carry.
_OURS = _pairs(
    """langle ⟨ rangle ⟩ lbrace { rbrace } vert | lvert | rvert | Vert ‖ lVert ‖ rVert ‖ phi φ star ⋆
    ast * cdot · dots … cdots … dotsc … dotsb … Re Re Im Im i ı j ȷ square □ blacksquare ■ dag †
    deg ° degree ° textdegree ° copyright © textregistered ® texttrademark ™ textasciitilde ~
    textasciicircum ^ textbackslash ∖ backslash ∖ textunderscore _ textendash – textemdash —
    textquoteleft ‘ textquoteright ’ textquotedblleft “ textquotedblright ” textbullet • textless <
    textgreater > cmark ✓ xmark ✗ over / eg e.g. ie i.e. LaTeX LaTeX"""
) | {
    "mid": " | ",
    "choose": " choose ",
    "bmod": " mod ",
    "etal": "et al.",
    "quad": " ",
    "qquad": " ",
}
MATH_ACCENTS = _pairs(
    """hat \u0302 widehat \u0302 Hat \u0302 tilde \u0303 widetilde \u0303 Tilde \u0303 bar \u0304
    overline \u0304 vec \u20d7 overrightarrow \u20d7 acute \u0301 Acute \u0301 grave \u0300
    Grave \u0300 dot \u0307 ddot \u0308 check \u030c breve \u0306 mathring \u030a not \u0338"""
)
TEXT_ACCENTS = _pairs(
    """' \u0301 ` \u0300 ^ \u0302 " \u0308 ~ \u0303 = \u0304 . \u0307 c \u0327 v \u030c u \u0306
    H \u030b k \u0328 r \u030a d \u0323 b \u0331 t \u0361"""
)
_RELATIONS = "∈∉∋≤≥⩽⩾≠≈≃≅∼≡≪≫⊂⊆⊇∝≲≳≍≜→←↦⇒⇔⟹∪∩∧∨⊗⊕"
_RELATION = re.compile(rf"(?<=[^\s(\[{{]) ?([{_RELATIONS}]) ?(?=[^\s)\]}},;_^])")
_TIMES = re.compile(r"(?<! )([·×]) +")
_OPENED = re.compile(r"([(\[⟨⌈⌊]|(?<!\w)\{) +")
_CLOSED = re.compile(r" +([)\]}⟩⌉⌋,;])")
_IN_SCRIPT = re.compile(r"(?<=[\^_])\([^()]*\)")
_FACTOR = re.compile(r"[\d.]+|√?[^\W\d_][¹²³⁰-ₜᴬ-ᵿʰ-ˣⱼⱽ\u0300-\u036f]*|\([^()]*\)|∞")
_ALONE = frozenset("°*†‡′″®™©")
_UNICODE_LETTERS = 2  # "xᵢⱼ" reads well, "kₘₐₓ" does not
_BASIC_PLANE = "\uffff"  # chat fonts carry ℝ; 𝕊, 𝓛 and the like are often boxes


@cache
def _known() -> dict[str, str]:
    from unicodeit.data import REPLACEMENTS  # noqa: PLC0415 - most texts never need it

    found = {name[1:]: char for name, char in REPLACEMENTS if name[0] == "\\" and len(name) > 1}
    return found | _OURS


@cache
def _scripts(mark: str) -> dict[str, str]:
    from unicodeit.data import SUBSUPERSCRIPTS  # noqa: PLC0415 - most texts never need it

    forms = {pair[1]: form for pair, form in SUBSUPERSCRIPTS if pair[0] == mark}
    if mark == "^":
        forms["V"] = "ⱽ"  # unicodeit has a Hangul letter there
    return {char: form for char, form in forms.items() if char.isalnum() or char in "+-="}


def symbol(name: str) -> str | None:
    """The characters a command such as ``alpha`` or ``leq`` stands for; None where it has none."""
    char = _known().get(name, "")
    # \gemini and the other signs of the sky are more often the names of an author's models.
    return None if not char or char > _BASIC_PLANE or "☉" <= char <= "♓" else char


def blackboard(text: str) -> str:
    """Letters in blackboard bold where the basic plane has them (ℝ), else as they are."""
    return "".join(symbol(f"mathbb{{{char}}}") or char for char in text if char.isupper()) or text


def script(mark: str, text: str, *, joined: bool) -> str:
    """A superscript (``^``) or subscript (``_``): x₁, 10⁻³, else x_max, T^(5/8).

    ``joined`` says that a letter or digit follows, from which a word must be kept apart.
    """
    text = re.sub(r"(?<=\W) | (?=\W)", "", text.strip())
    if not text or (mark == "^" and all(char in _ALONE for char in text)):
        return text
    if mark == "^" and text in {"∘", "⊤", "T"}:
        return "°" if text == "∘" else "ᵀ"
    forms = _scripts(mark)
    if all(char in forms for char in text) and sum(map(str.isalpha, text)) <= _UNICODE_LETTERS:
        return "".join(forms[char] for char in text)
    bracketed = re.fullmatch(r"\([^()]*\)", text)
    bare = bracketed or (not joined and (len(text) == 1 or text.isalnum()))
    return f"{mark}{text}" if bare else f"{mark}({text})"


def accented(mark: str, text: str) -> str:
    """``text`` with the combining ``mark`` on its first character, composed."""
    return unicodedata.normalize("NFC", text[:1] + mark * bool(text) + text[1:])


def fraction(above: str, below: str, *, factor: bool) -> str:
    """``above/below`` with the brackets it needs; ``factor`` says that it is part of a product."""
    above, below = above.strip(), below.strip()
    if not re.fullmatch(r"-?[^\s+\-=/,]+|\([^()]*\)", above):
        above = f"({above})"
    if not _FACTOR.fullmatch(below):
        below = f"({below})"
    return f"({above}/{below})" if factor else f"{above}/{below}"


def root(order: str, text: str) -> str:
    """A square root as ``√n`` or ``√(n + 1)``; another as ``∛n`` or ``n^(1/N)``."""
    text = text.strip()
    bracketed = text if re.fullmatch(r"\w+|\([^()]*\)", text) and text else f"({text})"
    sign = {"": "√", "2": "√", "3": "∛", "4": "∜"}.get(order.strip())
    return f"{sign}{bracketed}" if sign else f"{bracketed}^(1/{order.strip()})"


def character(code: str) -> str:
    r"""The argument of ``\unicode`` (``x2014``) as its character."""
    try:
        char = chr(int(code[1:], 16) if code[:1] == "x" else int(code))
    except (ValueError, OverflowError):
        return code
    return char if char.isprintable() else ""


def spaced(text: str) -> str:
    """A formula with the spaces a reader expects around relations, products and brackets."""
    text = _RELATION.sub(r" \1 ", text.strip())
    text = re.sub(r" ([·×])(?=[^ ])", r" \1 ", _TIMES.sub(r"\1", text))
    text = _IN_SCRIPT.sub(lambda match: re.sub(r"(?<=\W) | (?=\W)", "", match[0]), text)
    text = re.sub(r"\b(log|ln)([⁰¹²³⁴-ⁿ]+)(?=\w)", r"\1\2 ", text)
    text = re.sub(r"\b(log|ln|exp|min|max) (?=[({])", r"\1", text)
    return _CLOSED.sub(r"\1", _OPENED.sub(r"\1", re.sub(r" {2,}", " ", text)))
