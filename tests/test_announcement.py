"""Reading arXiv's news feed: all of an announcement or an error, never quietly less."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.i18n import Phrase
from core.sources.announcement import Announcement, Entry, read_announcement
from core.sources.fetch import FetchError
from tests.arxiv_runs import DAY, entries
from tests.emulators import arxiv_feed

PAPERS = entries(
    6, title="Über <x> & y", abstract="In <full> & more.", categories=("cs.AI", "cs.CL")
)
KINDS = {
    PAPERS[0].id: "new",
    PAPERS[1].id: "new",
    PAPERS[2].id: "cross",
    PAPERS[3].id: "replace",
    PAPERS[4].id: "replace-cross",
}
FEED = arxiv_feed.rss(PAPERS, KINDS, ["cs.AI", "cs.CL"], DAY).encode()


def read(body: bytes | str, *, complete: bool = True) -> Announcement:
    raw = body.encode() if isinstance(body, str) else body
    return read_announcement(raw, "arXiv", complete=complete)


def refusal(body: bytes | str, *, complete: bool = True) -> FetchError:
    with pytest.raises(FetchError) as caught:
        read(body, complete=complete)
    assert caught.value.reason.values["source"] == "arXiv"
    return caught.value


def document(*items: str, head: str = "<title>cs.AI updates on arXiv.org</title>") -> str:
    return (
        '<rss version="2.0" xmlns:arxiv="http://arxiv.org/schemas/atom"><channel>'
        f"{head}{''.join(f'<item>{item}</item>' for item in items)}</channel></rss>"
    )


def found(announcement: Announcement) -> list[tuple[str, str]]:
    return [(entry.id.removeprefix("arxiv:"), entry.kind) for entry in announcement.entries]


# What a whole feed says


def test_a_feed_says_what_is_announced_how_and_where_under_its_date() -> None:
    announcement = read(FEED)
    assert announcement.day == DAY
    assert found(announcement) == list(KINDS.items())
    assert {entry.codes for entry in announcement.entries} == {("cs.AI", "cs.CL")}
    assert (announcement.unreadable, announcement.items, announcement.cut) == ((), 5, False)


def test_only_new_papers_and_those_new_in_a_category_are_owed() -> None:
    assert [entry.kind for entry in read(FEED).owed] == ["new", "new", "cross"]


def test_a_feed_of_a_day_without_papers_is_whole_and_empty() -> None:
    announcement = read(arxiv_feed.rss([], {}, ["cs.AI"], DAY))
    assert announcement == Announcement(DAY)


def test_a_feed_at_arxivs_limit_may_be_cut() -> None:
    assert read(arxiv_feed.rss(PAPERS, KINDS, ["cs.AI"], DAY, full=True)).cut


@pytest.mark.parametrize(
    "item",
    [
        '<guid isPermaLink="false">oai:arXiv.org:2402.05939v3</guid>',
        "<guid>http://arxiv.org/abs/2402.05939v1</guid>",
        "<link>https://arxiv.org/abs/2402.05939</link>",
        "<guid>7</guid><link>elsewhere</link><description>arXiv:2402.05939v1 \n</description>",
        "<description>arXiv:2402.05939v1 Announce Type: new \nAbstract: x</description>",
    ],
)
def test_the_id_is_found_wherever_the_item_carries_it(item: str) -> None:
    assert read(document(item)).entries == (Entry("arxiv:2402.05939", "new"),)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("<arxiv:announce_type>cross</arxiv:announce_type>", "cross"),
        ("<arxiv:announce_type> Replace-Cross </arxiv:announce_type>", "replace-cross"),
        (
            "<description>arXiv:2402.05939v1 Announce Type: replace \nAbstract</description>",
            "replace",
        ),
        (
            "<description>arXiv:2402.05939v1 Announce Type: cross</description>"  # noqa: ISC004
            "<arxiv:announce_type>new</arxiv:announce_type>",
            "new",
        ),
        ("<arxiv:announce_type>surprise</arxiv:announce_type>", "new"),
        ("<description>On the Announce Type: replace</description>", "new"),
        ("", "new"),
    ],
)
def test_what_is_not_said_to_be_a_replacement_is_news(said: str, kind: str) -> None:
    (entry,) = read(document(f"<guid>oai:arXiv.org:2402.05939v1</guid>{said}")).entries
    assert entry.kind == kind


def test_the_type_counts_whatever_prefix_the_namespace_has() -> None:
    body = document(
        "<guid>oai:arXiv.org:2402.05939v1</guid><a:announce_type>cross</a:announce_type>"
    )
    assert found(read(body.replace("xmlns:arxiv", "xmlns:a"))) == [("2402.05939", "cross")]


def test_a_paper_announced_twice_is_one_with_all_its_categories_and_new_wins() -> None:
    def item(kind: str, code: str) -> str:
        return (
            f"<guid>oai:arXiv.org:2402.05939v1</guid><category>{code}</category>"
            f"<arxiv:announce_type>{kind}</arxiv:announce_type>"
        )

    body = document(item("cross", "cs.CL"), item("new", "cs.AI"), item("replace", "cs.CL"))
    announcement = read(body)
    assert announcement.entries == (Entry("arxiv:2402.05939", "new", ("cs.CL", "cs.AI")),)
    assert announcement.items == 3


def test_classes_of_other_systems_are_no_categories() -> None:
    codes = "".join(f"<category>{c}</category>" for c in (" cs.AI ", "68T05, 68T07", "I.2.6", ""))
    (entry,) = read(document(f"<link>https://arxiv.org/abs/2402.05939</link>{codes}")).entries
    assert entry.codes == ("cs.AI",)


@pytest.mark.parametrize(
    ("head", "item", "day"),
    [
        # Midnight Eastern is five in the morning of the same day in London.
        ("<pubDate>Fri, 23 Feb 2024 00:00:00 -0500</pubDate>", "", date(2024, 2, 23)),
        ("<pubDate>Fri, 23 Aug 2024 00:00:00 -0400</pubDate>", "", date(2024, 8, 23)),
        ("<pubDate>Fri, 23 Feb 2024 22:00:00 -0500</pubDate>", "", date(2024, 2, 23)),
        (
            "<lastBuildDate>Sat, 24 Feb 2024 05:00:00 +0000</lastBuildDate>",
            "<pubDate>Fri, 23 Feb 2024 00:00:00 -0500</pubDate>",
            date(2024, 2, 23),
        ),
        ("<lastBuildDate>Fri, 23 Feb 2024 05:00:11 +0000</lastBuildDate>", "", date(2024, 2, 23)),
        ("<lastBuildDate>Sat, 24 Feb 2024 03:00:00 +0000</lastBuildDate>", "", date(2024, 2, 23)),
        (
            "<pubDate>soon</pubDate><lastBuildDate>Fri, 23 Feb 2024 05:00:11 GMT</lastBuildDate>",
            "<pubDate/>",
            date(2024, 2, 23),
        ),
        ("<pubDate>Fri, 23 Feb 99999999999 00:00:00 -0500</pubDate>", "", None),
        ("", "", None),
    ],
)
def test_the_day_is_that_of_arxivs_own_midnight(head: str, item: str, day: date | None) -> None:
    body = document(f"<link>https://arxiv.org/abs/2402.05939</link>{item}", head=head)
    assert read(body).day == day


# What is broken


@pytest.mark.parametrize(
    ("body", "key"),
    [
        (b"", "source.not_atom"),
        (b"no feed at all", "source.not_atom"),
        (b"<!DOCTYPE html>\n<html><body>Rate limit</body></html>", "source.not_atom"),
        (b"<html><body><rss></rss></body></html>", "source.not_atom"),
        (b"<rss version='2.0'></rss>", "source.not_atom"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'></feed>", "source.not_atom"),
        (
            b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss><channel><title>&a;</title></channel></rss>",
            "source.not_atom",
        ),
        (b"<?xml version='1.0'?>\n<rss version='2.0'><channel><title>cs", "source.truncated"),
    ],
)
def test_what_is_no_whole_feed_is_an_error_that_says_so(body: bytes, key: str) -> None:
    assert refusal(body).reason == Phrase(key, source="arXiv")


def test_arxivs_own_error_feed_is_a_refusal_and_asking_again_cannot_help() -> None:
    head = "<title>Feed error for query: cs.XX</title><description>Bad\n archive</description>"
    error = refusal(document(head=head))
    assert error.lasting
    assert error.reason == Phrase("source.query_refused", source="arXiv", detail="Bad archive")


def test_a_connection_that_broke_after_the_end_has_lost_nothing() -> None:
    assert found(read(FEED, complete=False)) == list(KINDS.items())
    assert refusal(FEED[:-9], complete=False).reason.key == "source.truncated"
    assert refusal(b"<?xml", complete=False).reason.key == "source.truncated"


def test_an_item_that_names_no_paper_is_named_by_its_place_and_loses_no_other() -> None:
    good = "<guid>oai:arXiv.org:2402.05939v1</guid>"
    bad = "<title>Who am I?</title><guid>deeplearn:7</guid><link>https://arxiv.org/a/me</link>"
    announcement = read(document(good, bad, good.replace("39v1", "40v1")))
    assert found(announcement) == [("2402.05939", "new"), ("2402.05940", "new")]
    assert announcement.unreadable == (2,)


@pytest.mark.parametrize(
    "damage",
    [
        ("</title>\n      <link>", "</titel>\n      <link>"),
        ("&amp; more", "& more"),
        ("&amp; more", "&nbsp; more"),
        ("    </item>", "    "),
    ],
)
def test_an_item_that_is_no_xml_loses_neither_itself_nor_another(damage: tuple[str, str]) -> None:
    body = FEED.decode()
    at = body.index("<item>", body.index("<item>") + 1)
    spoilt = body[:at] + body[at:].replace(*damage, 1)
    assert spoilt != body
    announcement = read(spoilt)
    assert (announcement.day, found(announcement)) == (DAY, list(KINDS.items()))
    assert {entry.codes for entry in announcement.entries} == {("cs.AI", "cs.CL")}


def test_broken_xml_without_an_id_is_named_by_its_place() -> None:
    announcement = read(document("<title>a & b</title>", "<guid>oai:arXiv.org:2402.05939v1</guid>"))
    assert (found(announcement), announcement.unreadable) == ([("2402.05939", "new")], (1,))


def test_control_characters_cost_no_paper() -> None:
    assert found(read(FEED.replace(b"In &lt;full", b"In\x0b\x00 &lt;full"))) == list(KINDS.items())


@pytest.mark.parametrize("encoding", ["none-such", "shift_jis", "utf-16"])
def test_an_encoding_we_cannot_read_is_no_crash(encoding: str) -> None:
    with suppress(FetchError):
        read(FEED.replace(b"UTF-8", encoding.encode()))


@given(st.integers(0, len(FEED) - 1), st.booleans())
def test_a_feed_cut_anywhere_is_an_error_or_all_there(at: int, complete: bool) -> None:  # noqa: FBT001
    try:
        announcement = read(FEED[:at], complete=complete)
    except FetchError:
        return
    assert FEED[at:].strip() == b""
    assert found(announcement) == list(KINDS.items())


@given(st.integers(0, len(FEED) - 1))
def test_a_feed_with_a_broken_item_cut_anywhere_is_an_error_or_all_there(at: int) -> None:
    broken = FEED.replace(b"&amp; more", b"& more", 1)
    try:
        announcement = read(broken[:at])
    except FetchError:
        return
    assert found(announcement) == list(KINDS.items())


@given(st.lists(st.text(max_size=40), min_size=1, max_size=4))
def test_whatever_a_title_says_its_paper_is_announced(titles: Sequence[str]) -> None:
    printable = [title.encode("utf-8", "ignore").decode() for title in titles]
    papers = [
        replace(paper, title=title, abstract=title)
        for paper, title in zip(entries(len(titles)), printable, strict=True)
    ]
    kinds = {paper.id: "new" for paper in papers}
    assert found(read(arxiv_feed.rss(papers, kinds, ["cs.AI"], DAY))) == list(kinds.items())


@given(st.text(alphabet="<>&;/!-[]CDAT itemrscg'\"=oai:arXv.org2402v1", max_size=60))
def test_whatever_markup_a_title_holds_the_papers_around_it_stand(noise: str) -> None:
    ids = ["2402.00001", "2402.00002", "2402.00003"]
    items = [f"<guid>oai:arXiv.org:{id_}v1</guid><title>A title</title>" for id_ in ids]
    items[1] = items[1].replace("A title", escape(noise).replace("&lt;", "<"))
    announcement = read(document(*items))
    assert {id_ for id_, _ in found(announcement)} >= {ids[0], ids[2]}


@given(st.integers(0, len(FEED) - 1), st.binary(max_size=12))
def test_foreign_bytes_anywhere_raise_nothing_but_a_fetch_error(at: int, noise: bytes) -> None:
    with suppress(FetchError):
        read(FEED[:at] + noise + FEED[at:])


@given(st.binary(max_size=300))
def test_bytes_that_are_no_feed_are_an_error(body: bytes) -> None:
    assert refusal(body).reason.key == "source.not_atom"
