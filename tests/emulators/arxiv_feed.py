"""What arXiv's news feed says: the RSS of a day's announcement in some categories.

Modelled on https://info.arxiv.org/help/rss_specifications.html, not on our own source code.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from tests.emulators.arxiv_api import Entry, window

_EASTERN = ZoneInfo("America/New_York")
_MOST_ITEMS = 2000
_ORDER = ("new", "cross", "replace", "replace-cross")
_NAMESPACES = (
    'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" version="2.0"'
)
ITEM_END = "</item>"


@dataclass(slots=True)
class Announced:
    """What arXiv announces under ``day``; None: there is no feed.

    Besides what was submitted in the listing's window, ``kinds`` says of papers, by id, how they
    are announced, whenever they were submitted; "" is not at all. A category in ``stale`` still has
    the list of the day before.
    """

    day: date | None = None
    kinds: dict[str, str] = field(default_factory=dict)
    stale: set[str] = field(default_factory=set)

    def items(self, entries: Iterable[Entry], codes: Sequence[str], day: date) -> dict[str, str]:
        """The ids announced in these categories, each with how, in arXiv's order."""
        found = {}
        for entry in entries:
            listed = [code for code in codes if code in entry.categories]
            own = any(_of(entry, before(day) if code in self.stale else day) for code in listed)
            plain = "new" if entry.primary_category in codes else "cross"
            kind = self.kinds.get(entry.id, plain if own else "")
            if listed and kind:
                found[entry.id] = kind
        return dict(sorted(found.items(), key=lambda item: _ORDER.index(item[1]))[:_MOST_ITEMS])


def rss(
    entries: Iterable[Entry],
    kinds: Mapping[str, str],
    codes: Sequence[str],
    day: date,
    *,
    full: bool = False,
) -> str:
    """The feed of these papers, announced as said, under this date.

    ``full``: replaced papers of long ago stand behind them, up to arXiv's limit.
    """
    by_id = {entry.id: entry for entry in entries}
    midnight = datetime.combine(day, time(0), _EASTERN)
    title = ", ".join(codes)
    items = [_item(by_id[id_], kind, midnight) for id_, kind in kinds.items()]
    if full:
        old = [Entry(f"0704.{n:04}", "Replaced", midnight) for n in range(_MOST_ITEMS - len(items))]
        items += [_item(entry, "replace", midnight) for entry in old]
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        f"<rss {_NAMESPACES}>\n  <channel>\n"
        f"    <title>{title} updates on arXiv.org</title>\n"
        f"    <link>http://rss.arxiv.org/rss/{'+'.join(codes)}</link>\n"
        f"    <description>{title} updates on the arXiv.org e-print archive.</description>\n"
        "    <docs>http://www.rssboard.org/rss-specification</docs>\n"
        "    <language>en-us</language>\n"
        f"    <lastBuildDate>{_rfc(midnight.astimezone(UTC))}</lastBuildDate>\n"
        "    <managingEditor>rss-help@arxiv.org</managingEditor>\n"
        f"    <pubDate>{_rfc(midnight)}</pubDate>\n"
        "    <skipDays>\n      <day>Saturday</day>\n      <day>Sunday</day>\n    </skipDays>\n"
        f"{''.join(items)}"
        "  </channel>\n</rss>\n"
    )


def _item(entry: Entry, kind: str, midnight: datetime) -> str:
    categories = "".join(f"      <category>{escape(c)}</category>\n" for c in entry.categories)
    return (
        "    <item>\n"
        f"      <title>{escape(entry.title)}</title>\n"
        f"      <link>https://arxiv.org/abs/{entry.id}</link>\n"
        f"      <description>arXiv:{entry.id}v{entry.version} Announce Type: {kind} \n"
        f"Abstract: {escape(entry.abstract)}</description>\n"
        f'      <guid isPermaLink="false">oai:arXiv.org:{entry.id}v{entry.version}</guid>\n'
        f"{categories}"
        f"      <pubDate>{_rfc(midnight)}</pubDate>\n"
        f"      <arxiv:announce_type>{kind}</arxiv:announce_type>\n"
        "      <dc:rights>http://arxiv.org/licenses/nonexclusive-distrib/1.0/</dc:rights>\n"
        f"      <dc:creator>{escape(', '.join(entry.authors))}</dc:creator>\n"
        f"    {ITEM_END}\n"
    )


def _of(entry: Entry, day: date) -> bool:
    begin, end = window(day)
    return begin <= entry.published < end


def before(day: date) -> date:
    """The last weekday before this day."""
    return day - timedelta(days={0: 3, 6: 2}.get(day.weekday(), 1))


def _rfc(when: datetime) -> str:
    """A date as RSS writes it, in whatever locale this runs."""
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
    return f"{names[when.weekday()]}, {when:%d} {months[when.month - 1]} {when:%Y %H:%M:%S %z}"
