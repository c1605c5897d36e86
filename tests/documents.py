"""Posts of everything that a paper, a model or a person may put into one, for the renderers' tests."""

from hypothesis import strategies as st

from core.blocks import (
    PARENT,
    Action,
    Actions,
    Bar,
    BarChart,
    Cite,
    Code,
    DayChart,
    Emphasis,
    Heading,
    Image,
    Items,
    Jump,
    Link,
    Message,
    Paragraph,
    Post,
    Quote,
    Span,
    Strong,
    Text,
    TrendChart,
)
from core.post import FOR_YOU

# Each is a whole of its own: a sentence, a letter of several characters, a piece of markup.
PIECES = (
    *("We propose a model. ", "It works (see Fig. 3)! ", "words ", "a", " ", "", "10\u00a0km "),
    *("모델을 제안합니다. ", "카메라 궤적과 ", "가", "각", "\u1112\u1161\u11ab"),
    *(
        "我们提出了一个模型。",
        "深度学习",
        "「引用」",
        "画像を読む。",
        "データー",
        "か\u3099",
        "葛\U000e0100",
    ),
    *("👍", "👨‍👩‍👧", "🏳️‍🌈", "👋🏽", "🇰🇷", "🏴\U000e0067\U000e0062\U000e007f", "1\ufe0f\u20e3"),
    *(
        "e\u0301",
        "Z\u0351\u036b\u0343",
        "\u0915\u094d\u0937\u093f",
        "กำ",
        "שלום ",
        "مرحبا ",
        "\u0600",
    ),
    *("\u202egnol\u202c", "\u2067x", "\u200b", "\u200f", "\u00ad", "\ufeff", "\u2028", "\u3000"),
    *(
        "\ud83d",
        "\udc4d",
        "\x00",
        "\x1b[31mred",
        "\x1b]8;;http://evil.example\x07",
        "\x9b2J",
        "\r\n",
    ),
    *(
        "\n# Heading\n",
        "\n- item",
        "\n---\n",
        "===",
        "1. ",
        "- ",
        "+",
        "> ",
        "    four",
        "\t",
        "```\n",
    ),
    *(
        "*",
        "**",
        "_",
        "`",
        "~~",
        "||",
        "\\",
        "[",
        "]",
        "](",
        "!",
        "#",
        "&lt;",
        "&",
        "<",
        "|",
        "$",
        "-",
    ),
    *("<b>", "</p>", "<script>alert(1)</script>", "<!--", '" onload="', "{{ 7*7 }}", "[bold]x[/]"),
    *(
        "@everyone",
        "<@1001>",
        "<#2>",
        ":smile:",
        "@somebody ",
        "pass@1 ",
        "a@b.example",
        "/digest ",
    ),
    *(
        "https://evil.example/x",
        "www.evil.example",
        "[click](https://evil.example)",
        "tg://user?id=1",
    ),
    *("Pneumonoultramicroscopicsilicovolcanoconiosis", "0123456789", "…", "é", "ﷺ", "𝒳", "\u2060"),
)
# Not sampled from: hypothesis would describe them all again and again.
piece = st.integers(0, len(PIECES) - 1).map(lambda n: PIECES[n])
words = st.one_of(
    st.lists(piece, max_size=6).map("".join),
    st.text(max_size=20),
    st.text(st.characters(categories=["Cs", "Cc", "Cf", "Mn", "Me", "Zs", "Zl", "Zp"]), max_size=8),
)
long_words = st.builds(
    lambda pieces, times: "".join(pieces) * times,
    st.lists(piece, min_size=1, max_size=4),
    st.sampled_from((2, 2, 4, 8, 20, 60, 250)),
)
texts = st.one_of(*[words] * 15, long_words)
URLS = (
    "https://arxiv.org/abs/2507.00001",
    "https://arxiv.org/abs/2507.00001",
    "HTTP://example.org/a?b=1&c=(2)&lt;#d",
    "https://a.example/(c)_d*?e=f g\"<>'\\`[x]\n\u202e가\ud800",
    f"https://example.org/{'long/' * 300}",
    f"https://example.org/{'x' * 9000}",
    "https://한국.example:8080/논문",
    *(
        "javascript:alert(1)",
        "",
        "ftp://a.example",
        "https://",
        "https://[x",
        "https://u@h.example/",
    ),
)
urls = st.integers(0, len(URLS) - 1).map(lambda n: URLS[n])
parts = st.sampled_from(("cv", "llm", "rl", FOR_YOU))


def spans(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Span]:
    return st.one_of(
        st.builds(Text, texts),
        st.builds(Text, texts),
        st.builds(Strong, texts),
        st.builds(Emphasis, texts),
        st.builds(Code, texts),
        st.builds(Link, texts, urls),
        st.builds(Jump, words, parts),
        st.builds(Cite, st.integers(1, 120), urls),
        st.builds(Cite, st.integers(1, 120), urls),
    )


lines = st.lists(spans(texts), max_size=5).map(tuple)
short_lines = st.lists(spans(words), max_size=3).map(tuple)
many_lines = st.lists(lines, max_size=4).map(tuple) | st.builds(
    lambda line, times: (line,) * times, short_lines, st.sampled_from((1, 2, 5, 12, 110))
)
charts = st.sampled_from(
    (
        BarChart(
            "Papers", "11 papers", (Bar("Vision", 4, "#0072b2", 1), Bar("가\x1b[1m", 2, "red"))
        ),
        BarChart("", "", ()),
        BarChart("None", "0", (Bar("LLM", 0, "#777777"),)),
        DayChart("Vision", "#0072b2", (("14 Jul", 3), ("15 Jul", None))),
        TrendChart(DayChart("All", "#0072b2", (("15 Jul", 3),)), ()),
    )
)
actions = st.builds(
    Action,
    words,
    st.sampled_from(("digest", "subscribe", "")),
    st.lists(st.tuples(st.sampled_from(("category", "date", "|=")), words), max_size=2).map(tuple),
)
many_actions = st.lists(actions, max_size=7).map(tuple) | st.builds(
    lambda action, times: tuple(
        Action(f"{action.label}{n}", action.command, (("n", str(n)),)) for n in range(times)
    ),
    actions,
    st.sampled_from((30, 120)),
)
pictures = st.builds(Image, st.sampled_from(("cv.png", "", "../a b.png")), words, charts)
blocks = st.one_of(
    st.builds(Heading, texts),
    st.builds(Paragraph, lines),
    st.builds(Paragraph, lines),
    st.builds(Items, many_lines, st.booleans()),
    st.builds(Quote, many_lines),
    pictures,
    st.builds(Actions, many_actions),
)


def messages(part: st.SearchStrategy[str]) -> st.SearchStrategy[Message]:
    return st.builds(
        Message,
        part,
        texts,
        st.sampled_from(("#5865f2", "#0072B2", "", "red", "#fff;}")),
        st.lists(blocks, max_size=5).map(tuple),
        words,
    )


posts = st.builds(
    Post,
    st.sampled_from(("2025-07-15", "")),
    st.sampled_from(("ko", "en")),
    messages(st.just(PARENT)),
    st.lists(messages(parts), max_size=2, unique_by=lambda message: message.part).map(tuple),
    texts,
)
