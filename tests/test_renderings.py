"""Whatever a Post holds, each of its forms is well formed, within its limits and complete."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.blocks import Post
from tests.documents import posts
from tests.rendered_chats import check_discord, check_telegram, check_terminal
from tests.rendered_documents import check_html, check_markdown

few = settings(
    max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@few
@given(posts)
def test_discord_takes_any_post_and_no_word_is_lost(post: Post) -> None:
    check_discord(post)


@few
@given(posts)
def test_telegram_takes_any_post_and_no_word_is_lost(post: Post) -> None:
    check_telegram(post)


@few
@given(posts)
def test_markdown_read_back_is_the_post_that_was_written(post: Post) -> None:
    check_markdown(post)


@few
@given(posts)
def test_a_page_read_back_is_the_post_that_was_written(post: Post) -> None:
    check_html(post)


@few
@given(posts, st.integers(40, 120))
def test_a_terminal_is_given_no_orders_and_every_word(post: Post, width: int) -> None:
    check_terminal(post, width)
