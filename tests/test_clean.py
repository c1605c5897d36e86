import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.clean import clean

SHARED = Path(__file__).parents[2] / "shared"
CORPUS = sorted((SHARED / "corpus").glob("*.jsonl"))
needs_corpus = pytest.mark.skipif(not CORPUS, reason=f"no corpus under {SHARED}")

COMMANDS = r"""\ $ $$ { } ^ _ ~ % & word x 12 ( ) [ ] \( \) \[ \] \frac \sqrt \hat \textbf \href \'
    \c \left \alpha \leq \unknown \\ \$ -- `` '' ` ' &lt; http://a.b/c_d \choose \not \unicode"""
PIECES = st.sampled_from([*COMMANDS.split(), " ", "\n", "é", "\u200b", "\ud800", "\x00"])
PLAIN_WORDS = st.lists(
    st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZéßñ", min_size=4), min_size=1
)


def text_of(source: str) -> str:
    return clean(source).text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"in $\tilde{\mathcal{O}}\left(\sqrt{n/k}\right)$ time", "in Õ(√(n/k)) time"),
        (
            r"$\tilde{\mathcal{O}}\left(\frac{1}{N\epsilon^2}\left(1+\frac{f^2}{N}\right)\right)$",
            "Õ((1/(Nε²))(1+f²/N))",
        ),
        (r"$T^{5/8}$ and $x_1$", "T^(5/8) and x₁"),
        (r"$10^{-3}$, $x_{ij}$, $x_{ab}$, $k_{\max}$", "10⁻³, xᵢⱼ, x_ab, k_max"),
        (r"$B^{s}_{p,q}(\mathcal{X})$", "Bˢ_(p,q)(X)"),
        (r"$\sum_{i=1}^n a_i \leq c\cdot n$", "∑ᵢ₌₁ⁿ aᵢ ≤ c·n"),
        (r"$x\in\mathbb{R}^{d}$", "x ∈ ℝᵈ"),
        (r"$\frac{a+b}{2c}$, $\frac{k}{2} - 1$", "(a+b)/(2c), k/2 - 1"),
        (r"$n\log^2n$ and $\log\frac{1}{\delta}$", "n log² n and log(1/δ)"),
        (r"$\hat{R}(\theta)$, $\overline{x}$, $a\not=b$", "R̂(θ), x̄, a ≠ b"),
        (r"$360^{\circ}$, 75{\deg}C, $\deg(v)$", "360°, 75°C, deg(v)"),
        (r"$\binom{n}{k}$, ${n \choose k}$", "(n choose k), (n choose k)"),
        (r"1.8$\times$ faster, $64\times 64$", "1.8× faster, 64×64"),
        (r"\[ a \equiv 3 \pmod 4 \] and \(q\)", "a ≡ 3 (mod 4) and q"),
        (r"$$\max\left\{1,\ell\right\}$$", "max{1,ℓ}"),
        (r"behaviour$\unicode{x2014}$such as", "behaviour—such as"),
        ("R^2 of 0.8 and 10^-6, O(n^2)", "R² of 0.8 and 10⁻⁶, O(n²)"),
    ],
)
def test_mathematics_becomes_what_a_reader_can_read_in_a_chat(source: str, expected: str) -> None:
    assert text_of(source) == unicodedata.normalize("NFC", expected)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"Fran\c{c}ois, Fran\c cois", "François, François"),
        (r"\"Uber na\"{\i}ve caf\'e {\'e}", "Über naïve café é"),
        (r"Erd\H{o}s--R\'enyi, {\L}ojasiewicz", "Erdős–Rényi, Łojasiewicz"),
        ("Nguy\\~ên", "Nguyễn"),
        (r"\c{opyright} 2031", "© 2031"),
        (r"the model\'s score", "the model's score"),
    ],
)
def test_accents_are_composed(source: str, expected: str) -> None:
    assert text_of(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        r"\textbf{x}",
        r"\emph{x}",
        r"\textit{x}",
        r"\texttt{x}",
        r"{\bf x}",
        r"{\em x}",
        r"$\textbf{$\texttt{x}$}$",
        r"\textcolor{red}{x}",
        r"\textbf{\underline{x}}",
    ],
)
def test_dress_is_taken_off(source: str) -> None:
    assert text_of(source) == "x"


def test_an_unknown_macro_keeps_its_plain_name() -> None:
    assert text_of(r"\chipname is small; \chipname{} too") == "chipname is small; chipname too"
    assert text_of(r"\textchip and \mathchip run \gemini") == "textchip and mathchip run gemini"


def test_an_unknown_macro_around_prose_leaves_the_prose() -> None:
    assert text_of(r"we \hlb{survey the field}") == "we survey the field"


def test_a_link_leaves_its_text_and_is_kept() -> None:
    found = clean(r"Code: \href{https://a.example/x\_y~z}{our \emph{page}}.")
    assert found.text == "Code: our page."
    assert found.links == ("https://a.example/x_y~z",)


def test_a_link_without_text_shows_its_address() -> None:
    found = clean(r"\url{https://a.example/b--c} \href{https://d.example}")
    assert found.text == "https://a.example/b--c https://d.example"
    assert found.links == ("https://a.example/b--c", "https://d.example")


def test_bare_addresses_are_kept_without_the_punctuation_around_them() -> None:
    found = clean("See (https://a.example/b), www.c.example/d. github.com/e/f; https://a.example/b")
    expected = ("https://a.example/b", "https://www.c.example/d", "https://github.com/e/f")
    assert found.links == expected


def test_a_broken_link_loses_neither_half() -> None:
    assert "https://a.example/b" in text_of(r"at https://a.example/b}{https://a.example/b}")


def test_dashes_and_quotation_marks_are_a_printers() -> None:
    assert text_of("a -- b---c, 2--8, ``so'' and ``thus\"") == "a – b—c, 2–8, “so” and “thus”"
    assert text_of("a-->b <!-- f''(x)") == "a-->b <!-- f''(x)"


def test_a_tie_is_a_space_except_where_it_means_about() -> None:
    assert text_of("Models~(LMs), 6~months") == "Models (LMs), 6 months"
    assert text_of("about ~10 % or (~90%), 10~30%") == "about ~10 % or (~90%), 10~30%"


def test_escaped_signs_are_plain_and_a_per_cent_sign_is_no_comment() -> None:
    source = r"5\% R\&D a\_b \#1 \$5, 65% of it, and more"
    assert text_of(source) == "5% R&D a_b #1 $5, 65% of it, and more"


@pytest.mark.parametrize(
    "source",
    [
        "from $9 billion to $49.6 billion",
        "US$ 3.2 million, $5 and $6, KV$ reuse",
        "$5/$6 or $100–$200 (manual) and just $5.10",
    ],
)
def test_money_keeps_its_dollar(source: str) -> None:
    assert text_of(source) == source


def test_money_beside_mathematics_is_told_apart() -> None:
    assert text_of(r"costs $5 while $n$ grows, \$6 for $\geq 2$") == (
        "costs $5 while n grows, $6 for ≥ 2"
    )


def test_a_stray_dollar_goes() -> None:
    assert text_of(r"left $\alpha over { and $ right") == "left α over and right"


def test_lines_are_joined_and_a_hyphen_at_the_end_of_one_stays() -> None:
    assert text_of("a multi-\nstage\r\n\tplan ") == "a multi- stage plan"


def test_entities_are_decoded_once_and_only_when_complete() -> None:
    assert text_of("a &lt; b &amp;amp; R&D &section") == "a < b &amp; R&D &section"


def test_invisible_characters_go() -> None:
    assert text_of("a\u200bb\u202ec\ufeff\x07d\u2066e\xadf\ud800") == "abcdef"


@pytest.mark.parametrize(
    "char",
    "\u034f \u115f \u1160 \u17b4 \u180b \u180e \u2060 \u2800 \u3164 \ufe00 \ufe0f \uffa0 \ufffc \U000e0001 "
    "\U000e0041 \U000e0100 \U000e01ef \U0001bca0 \U0001d173".split(" "),
)
@pytest.mark.parametrize("written", ["{}", "&#x{:x};", "\\textbf{{{}}}"])
def test_what_shows_nothing_goes_however_it_is_written(char: str, written: str) -> None:
    shown = written.format(ord(char) if ":x" in written else char)
    assert text_of(f"Self{shown}-Attention {shown} Is") == "Self-Attention Is"


def test_an_emoji_keeps_what_it_is_made_of() -> None:
    assert (
        text_of("Chefs \U0001f468\u200d\U0001f373 and \u2764\ufe0f")
        == "Chefs \U0001f468\U0001f373 and \u2764"
    )


def test_sets_in_prose_keep_their_braces() -> None:
    assert text_of(r"\emph{from} {1, 2, 3} and $\{0,1\}$") == "from {1, 2, 3} and {0,1}"


@pytest.mark.parametrize(
    "piece",
    ["$", "{", "\\", "}", "\\frac", "\\frac{", "$x", "x^{", "\\'", "\\(", "\\'{", "`a", "http://("],
)
def test_a_hundred_thousand_of_anything_is_survived(piece: str) -> None:
    source = piece * (100_000 // len(piece))
    assert "\\" not in text_of(source)
    assert "\\" not in text_of(source + "}" * 20_000)


def test_reading_plain_text_imports_no_latex_library() -> None:
    program = (
        "import sys; from core.clean import clean; clean('Plain -- text, 5%.');"
        "sys.exit(any(n.startswith(('unicodeit', 'pylatexenc')) for n in sys.modules))"
    )
    root = Path(__file__).parents[1]
    assert subprocess.run([sys.executable, "-c", program], cwd=root, check=False).returncode == 0


@settings(deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_no_soup_of_latex_leaves_a_command_an_odd_brace_or_a_doubled_space(source: str) -> None:
    text = text_of(source)
    assert "\\" not in text
    assert "  " not in text
    assert text.count("{") == text.count("}")


@settings(deadline=None)
@given(st.text(st.characters()))
def test_any_text_becomes_one_line_without_control_characters(source: str) -> None:
    text = text_of(source)
    assert not any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in text)
    assert not re.search(
        "[\u034f\u115f\u1160\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
        "\U000e0000-\U000e0fff]",
        text,
    )
    assert text == unicodedata.normalize("NFC", text)


@settings(deadline=None)
@given(PLAIN_WORDS)
def test_every_word_of_plain_text_survives(words: list[str]) -> None:
    assert text_of(" ".join(words)).split() == words


@settings(deadline=None)
@given(st.text(st.characters(exclude_characters="\\$&", exclude_categories=["C", "M"])))
def test_cleaning_plain_text_twice_changes_nothing_more(source: str) -> None:
    once = text_of(source)
    assert text_of(once) == once


def corpus_texts() -> Iterator[str]:
    for path in CORPUS:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield from (row["title"], row["abstract"], row.get("comment") or "", *row["authors"])


def words_outside_commands(source: str) -> list[str]:
    source = re.sub(r"\\[(\[].*?\\[)\]]|\$\$?[^$]*\$\$?", " ", source, flags=re.DOTALL)
    source = re.sub(r"\\(?:href|textcolor|color|unicode)\s*\{[^{}]*\}", " ", source)
    source = re.sub(r"\w*\\(?:[\"'`^~=.]|[cvuHkrdb]\b)\s*(?:\{[^{}]*\})?\w*", " ", source)
    return re.findall(r"[A-Za-z]{4,}", re.sub(r"\\[A-Za-z]+", "", source))


@needs_corpus
def test_the_corpus_keeps_no_command_no_stray_dollar_and_no_doubled_space() -> None:
    left = [
        text
        for text in map(text_of, corpus_texts())
        if "\\" in text or "  " in text or re.search(r"(?<!KV)\$(?!\s?\d)", text)
    ]
    assert left == []


@needs_corpus
def test_every_word_of_the_corpus_outside_commands_survives() -> None:
    lost = []
    for source in corpus_texts():
        kept = text_of(source).replace(" ", "")
        lost += [word for word in words_outside_commands(source) if word not in kept]
    assert lost == []


@needs_corpus
def test_cleaning_the_corpus_twice_changes_nothing_more() -> None:
    for source in corpus_texts():
        once = text_of(source)
        assert text_of(once) == once
