"""What a subscription will bring, shown to who asks with the papers of the newest edition."""

from collections.abc import Iterator
from dataclasses import replace

from bot.adapters.base import Reply, Request
from bot.answers.desk import Desk
from bot.answers.shape import with_actions
from core.blocks import Action, Items, Paragraph, Post, Strong, Text
from core.edition import Edition
from core.i18n import Catalog
from core.post import FOR_YOU
from core.subscription import Subscription


async def preview(
    desk: Desk, subscription: Subscription, request: Request, words: Catalog
) -> Reply:
    """The post for this wish, and why a category is not in it; nothing is sent.

    The whole thread where nobody else sees it, else its contents.
    """
    edition = await desk.edition(None)
    sealed = await desk.shelf.find(edition.date) is not None
    post = await desk.publisher.post(edition, subscription.wish, keep=sealed)
    desk.shelf.forget_week()
    told = words.say("answer.menu.preview", number=subscription.id, day=edition.date)
    blocks = [Paragraph((Strong(told),)), *post.parent.blocks]
    if lines := tuple((Text(line),) for line in _absent(desk, edition, post, subscription, words)):
        blocks.append(Items(lines))
    parent = replace(post.parent, blocks=tuple(blocks))
    replies = post.replies
    if request.private or not request.alone:
        # As the post itself comes to a person; to a group, buttons bring what its thread would.
        day = ("date", edition.date.isoformat())
        shown = [reply for reply in replies if reply.part != FOR_YOU]
        parent = with_actions(
            parent,
            [
                Action(post.label(reply), "digest", (("category", reply.part), day))
                for reply in shown
            ],
        )
        replies = tuple(reply for reply in replies if reply.part == FOR_YOU)
    # It bears no day: a mark in its footer would make it look like the post itself.
    return Reply(Post("", post.language, parent, replies))


def _absent(
    desk: Desk, edition: Edition, post: Post, subscription: Subscription, words: Catalog
) -> Iterator[str]:
    """Why wished categories have no message: without papers, or none left by the words excluded."""
    shown = {reply.part for reply in post.replies}
    for slug in subscription.wish.categories:
        if slug in shown:
            continue
        known = slug in desk.taxonomy.slugs
        name = words.name(desk.taxonomy[slug].name) if known else slug
        why = "excluded" if edition.categories.get(slug) else "empty"
        yield words.say(f"answer.menu.{why}", name=name)
