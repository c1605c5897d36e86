"""A text in the pieces that a reader sees: letters with all that belongs to them, and words.

Letters are extended grapheme clusters (Unicode Standard Annex 29), a few of them joined to longer
ones; words end where a line may (Annex 14): at white space, and between ideographs.
"""

import re
import unicodedata
from collections.abc import Iterator

_JOINER = "\u200d"
# Annex 29, Extend and SpacingMark beside the marks (category M): the joiners, what half-wide kana
# and Thai and Lao vowels are written with, skin tones, and the tags of a region's flag.
_EXTENDS = re.compile(
    "[\u200c\u200d\uff9e\uff9f\u0e33\u0eb3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
)
# Annex 29, Prepend.
_PREPENDS = re.compile(
    "[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e\U000110bd\U000110cd\U000111c2\U000111c3"
    "\U0001193f\U00011941\U00011a3a\U00011a84-\U00011a89\U00011d46\U00011f02]"
)
_REGION = re.compile("[\U0001f1e6-\U0001f1ff]")
_LEAD = re.compile("[\u1100-\u115f\ua960-\ua97c]")
_VOWEL = re.compile("[\u1160-\u11a7\ud7b0-\ud7c6]")
_TRAIL = re.compile("[\u11a8-\u11ff\ud7cb-\ud7fb]")
_FIRST_SYLLABLE, _LAST_SYLLABLE, _SYLLABLES_A_VOWEL = 0xAC00, 0xD7A3, 28
_VIRAMA = 9

# Spaces at which no line may break: U+00A0, U+2007, U+202F.
_SPACE = r"[^\S\u00a0\u2007\u202f]"
_CHUNK = re.compile(rf"{_SPACE}*(?:(?!{_SPACE}).)+{_SPACE}*|{_SPACE}+", re.DOTALL)
_ENDS_IN_SPACE = re.compile(rf"{_SPACE}\Z")
_STARTS_WITH_SPACE = re.compile(_SPACE)
# Han, kana and what is written among them, without spaces.
_IDEOGRAPH = re.compile(
    "[\u2e80-\u2fdf\u3001-\u3029\u3030-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff9d\U00020000-\U0003fffd]"
)
# Annex 14, CL, CP, EX, IS, NS, CJ and QU: no line begins with one of them.
_CLOSES = re.compile(
    "[)\\]},.;:!?%\"'’”»…、。〃々〆〉》」』】〕〗〙〛〜〞〟゛゜ゝゞ・ーヽヾぁぃぅぇぉっゃゅょゎゕゖ"
    "ァィゥェォッャュョヮヵヶㇰ-ㇿ！），．：；？］｝｠｡｣､･ｧ-ｰ]"
)
# OP and QU: no line ends with one of them.
_OPENS = re.compile("[(\\[{\"'‘“«〈《「『【〔〖〘〚〝（［｛｟｢]")


def letters(text: str) -> Iterator[str]:
    """The letters, each with its accents; an emoji or a flag is one."""
    letter = ""
    for char in text:
        if letter and not _belongs(letter, char):
            yield letter
            letter = ""
        letter += char
    if letter:
        yield letter


def words(text: str) -> Iterator[str]:
    """The words, each with the space behind it; where no spaces are written, a letter is one."""
    word = ""
    for chunk in _CHUNK.findall(text):
        for part in _unspaced(chunk) if _IDEOGRAPH.search(chunk) else (chunk,):
            if word and _belongs(word, part[0]):
                word += part
                continue
            if word:
                yield word
            word = part
    if word:
        yield word


def may_part(before: str, after: str) -> bool:
    """Whether a line may end between the two texts, neither of them empty."""
    if _STARTS_WITH_SPACE.match(after) or _belongs(before, after[0]):
        return False
    if _ENDS_IN_SPACE.search(before):
        return True
    if _CLOSES.match(after) or _OPENS.match(before[-1]):
        return False
    last = before.rstrip("\u200c\u200d\ufe0e\ufe0f")[-1:] or before[-1]
    spaces = (after[0].isspace(), last.isspace())
    return not any(spaces) and bool(_IDEOGRAPH.match(last) or _IDEOGRAPH.match(after))


def cuts_letter(before: str, after: str) -> bool:
    """Whether the two texts, neither of them empty, meet inside a letter."""
    return _belongs(before, after[0])


def _unspaced(chunk: str) -> Iterator[str]:
    word = ""
    for letter in letters(chunk):
        if word and may_part(word, letter):
            yield word
            word = ""
        word += letter
    if word:
        yield word


def _belongs(before: str, char: str) -> bool:
    """Whether the character belongs to the letter with which the text before it ends."""
    last = before[-1]
    if _PREPENDS.match(last):
        return unicodedata.category(char) not in {"Cc", "Zl", "Zp"}
    if char.isascii():
        return last == "\r" and char == "\n"
    if last == _JOINER or _is_mark(char):
        return True
    if _REGION.match(char):
        return (len(before) - len(before.rstrip(_REGIONS))) % 2 == 1
    if _is_mark(last):
        return unicodedata.category(char) == "Lo" and _ends_in_virama(before)
    return _is_one_syllable(last, char)


def _ends_in_virama(text: str) -> bool:
    """Whether the marks at the end have one that joins the next consonant (Annex 29, GB9c)."""
    for char in reversed(text):
        if not _is_mark(char):
            return False
        if unicodedata.combining(char) == _VIRAMA:
            return True
    return False


def _is_mark(char: str) -> bool:
    return unicodedata.category(char)[0] == "M" or bool(_EXTENDS.match(char))


_REGIONS = "".join(map(chr, range(0x1F1E6, 0x1F200)))


def _is_one_syllable(last: str, char: str) -> bool:
    """Whether two Hangul letters are written into one syllable (Annex 29, GB6 to GB8)."""
    composed = _FIRST_SYLLABLE <= ord(last) <= _LAST_SYLLABLE
    open_ended = composed and (ord(last) - _FIRST_SYLLABLE) % _SYLLABLES_A_VOWEL == 0
    if _LEAD.match(last):
        return bool(_LEAD.match(char) or _VOWEL.match(char)) or "가" <= char <= "힣"
    if open_ended or _VOWEL.match(last):
        return bool(_VOWEL.match(char) or _TRAIL.match(char))
    return bool((composed or _TRAIL.match(last)) and _TRAIL.match(char))
