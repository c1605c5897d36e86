"""A Post as one HTML page: readable on a phone, light and dark, without any script."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from core.blocks import Block, Post, Span
from core.render.tidy import tidy


def to_html(post: Post) -> str:
    """The whole thread as a page; images are expected beside it."""
    return _page().render(post=tidy(post))


@cache
def _page() -> Template:
    environment = Environment(
        loader=PackageLoader("core.render", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["kind"] = _kind
    return environment.get_template("digest.html.j2")


def _kind(part: Block | Span) -> str:
    """The block's or span's name in the template."""
    return type(part).__name__
