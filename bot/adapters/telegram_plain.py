"""Words that Telegram would make something of by itself, kept plain: nobody is called by a paper.

It finds names, tags, commands, addresses and numbers in any text (TDLib, MessageEntity.cpp). A word
joiner, which nobody sees, keeps the sign before them from their letters.
"""

import re
from collections.abc import Sequence
from functools import cache

from core.i18n import catalog

Span = tuple[int, int]
WORD_JOINER = "\u2060"
_SIGN = re.compile(
    r"""
    (?=[@#＃$/+.:])(?:                        # found sooner so
      (?<!\w) @ (?=\w)                        # @name: that person would be told
    | (?<!\w) [#＃] (?=\w*[^\W\d])            # a tag; #1 is none
    | (?<!\w) \$ (?=[A-Za-z])
    | (?<![\w/<>]) / (?=[A-Za-z0-9_])         # a command
    | (?<!\w) \+ (?=\d[\d ()-]{5})            # a telephone
    | (?<=[\w-]) \. (?=[^\W\d_]{2}|xn--)      # an address without its scheme, a mailbox
    | (?<!http) (?<!https) : (?=//)           # tg:// and its like
    )""",
    re.VERBOSE,
)
# An address that says what it is may be one; it ends where TDLib lets it.
_ADDRESS = re.compile(r"(?<![\w@#$/.-])https?://\w[^\s\u2060]*", re.IGNORECASE)
_COMMAND = re.compile(r"/([a-z0-9_]{1,32})(?!\w)")


def joints(text: str, opaque: Sequence[Span]) -> list[int]:
    """Where in the text a word joiner belongs; our own commands can be pressed.

    In the ``opaque`` spans, links and code, Telegram sees nothing. All places are in code points.
    """
    signs = [found.end() for found in _SIGN.finditer(text) if not _is_ours(text, found.start())]
    if not signs:
        return []
    whole = [found.span() for found in _ADDRESS.finditer(text)]
    # Of an address that is partly a link Telegram makes none, and may see something else in it.
    whole = [(a, b) for a, b in whole if not any(a < end and begin < b for begin, end in opaque)]
    return [place for place in signs if not any(a < place <= b for a, b in (*whole, *opaque))]


def _is_ours(text: str, place: int) -> bool:
    found = _COMMAND.match(text, place)
    return found is not None and found[1] in _commands()


@cache
def _commands() -> frozenset[str]:
    names = (key.split(".") for key in catalog("en").keys)
    return frozenset(name[1] for name in names if name[0] == "command" and name[-1] == "name")
