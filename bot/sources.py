"""The sources that the settings name."""

from collections.abc import Callable

from bot.settings import Settings
from core.ports import Source

# Who remembers what it had looks back, and finds what arXiv held back or people found only later.
_LISTINGS_BACK = 1
_DAYS_BACK = 1


def sources_of(
    settings: Settings,
    *,
    remembers: bool,
    progress: Callable[[int, int], None] | None = None,
) -> list[Source]:
    """The sources in the settings' order.

    ``remembers``: papers of earlier days may come along, for it is known which are new.
    ``progress`` is told how many of arXiv's papers there are so far, and of how many.
    """
    # Only a live run pays for loading the clients.
    from core.sources.arxiv import ArxivSource  # noqa: PLC0415
    from core.sources.deeplearn import DeeplearnSource  # noqa: PLC0415
    from core.sources.huggingface import HuggingFaceSource  # noqa: PLC0415

    made: dict[str, Callable[[], Source]] = {
        "arxiv": lambda: ArxivSource(
            str(settings.arxiv_api_url),
            settings.arxiv_categories,
            settings.arxiv_delay_seconds,
            feed_url=str(settings.arxiv_feed_url),
            overlap=_LISTINGS_BACK if remembers else 0,
            progress=progress,
        ),
        "huggingface": lambda: HuggingFaceSource(
            str(settings.huggingface_url), back=_DAYS_BACK if remembers else 0
        ),
        "deeplearn": lambda: DeeplearnSource(str(settings.deeplearn_url)),
    }
    return [made[name]() for name in dict.fromkeys(settings.sources)]
