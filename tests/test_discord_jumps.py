"""The names in a Discord post, to be linked to its messages: always within the limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.discord_markup import message_address, plain, unlinked
from bot.adapters.discord_render import linked
from core.blocks import Items, Jump, Message, Post
from core.category import Taxonomy
from core.history import History
from core.i18n import catalog
from core.post import FOR_YOU, compose
from core.report.writing import write_reports
from tests.emulators.discord_rules import Body, check_message
from tests.factories import DAY, make_edition, make_paper
from tests.test_discord_render import NASTY, PARTS, POSTS, bodies


@given(POSTS)
def test_with_its_names_linked_every_message_is_within_the_limits(post: Post) -> None:
    longest = "9" * 20
    parts = ("cv", "llm", "rl", FOR_YOU)
    links = {part: message_address(longest, longest, longest) for part in parts}
    for body in bodies(post):
        plain, embed = body["embed"].get("description", ""), linked(body, links)
        assert unlinked(embed.get("description", "")) == plain
        assert embed.get("description", "").count("https://discord.com/") == len(body["jumps"])
        check_message(Body({"embeds": [embed]}), kept=frozenset({"chart.png"}))


@given(st.lists(st.builds(Jump, NASTY, PARTS), max_size=60).map(tuple))
def test_every_named_part_leads_to_its_message(line: tuple[Jump, ...]) -> None:
    post = Post("", "en", Message("parent", "T", "", (Items((line,)),)))
    found = [part for body in bodies(post) for _, _, part in body["jumps"]]
    assert set(found) == {jump.part for jump in line if plain(jump.text)}


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_real_post_is_whole(taxonomy: Taxonomy, language: str) -> None:
    words = catalog(language)
    papers = [make_paper(n) for n in range(1, 9)]
    edition = make_edition({"cv": papers[:7], "llm": papers[7:]}, taxonomy)
    reports = write_reports(edition, ["cv", "llm"], 5, words)
    post = compose(edition, reports, taxonomy, words, history=History())
    found = bodies(post)
    assert len(found) == 3
    assert [part for _, _, part in found[0]["jumps"]] == ["cv", "llm"]
    assert found[0]["chart"]["title"] == words.say("chart.title", day=DAY)
    assert all(f"[{n}]" in found[1]["embed"]["description"] for n in range(1, 6))
