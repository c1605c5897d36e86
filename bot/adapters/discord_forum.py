"""A post in a forum: its thread, named by the day and tagged with its categories.

Rules: Discord developer documentation, "Start Thread in Forum or Media Channel".
"""

from collections.abc import Iterator, Sequence

from bot.adapters.discord_places import Place, Tag
from bot.adapters.discord_render import Json
from core.category import Taxonomy

_TAGS = 5
_DAY_IN_MINUTES = 1440


def thread(name: str) -> Json:
    """What a new thread is, but for its message."""
    return {"name": name, "auto_archive_duration": _DAY_IN_MINUTES}


def post(message: Json, body: Json, place: Place, taxonomy: Taxonomy) -> Json:
    """A new post with its first message."""
    tags = tags_of(place, body.get("categories", ()), taxonomy)
    applied = {"applied_tags": [tag.id for tag in tags]} if tags else {}
    return thread(body["thread"] or "…") | {"message": message} | applied


def tags_of(place: Place, categories: Sequence[str], taxonomy: Taxonomy) -> list[Tag]:
    """The forum's tags that name one of the categories, at most five; one where one must be."""
    usable = [tag for tag in place.tags if place.manages or not tag.moderated]
    found = list(_named(usable, categories, taxonomy))[:_TAGS]
    return found or (usable[:1] if place.needs_tag else [])


def _named(tags: Sequence[Tag], categories: Sequence[str], taxonomy: Taxonomy) -> Iterator[Tag]:
    """In the order of the categories; a tag names one by its slug, a name or an alias."""
    meant = {tag: taxonomy.named(tag.name) for tag in tags}
    for slug in categories:
        for tag, category in meant.items():
            if category is not None and category.slug == slug:
                yield tag
