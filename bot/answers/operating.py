"""Answers about the bot itself: what it can do, how it is, and posting by hand."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.adapters.base import Command, Reply, Request
from bot.answers.desk import Desk
from bot.answers.shape import answer, sentence
from bot.settings import Settings
from core.blocks import Action, Actions, Block, Code, Items, Line, Paragraph, Text
from core.i18n import Catalog
from core.sources.listing import edition_day, listing_before, newest_listing
from storage.store import Store

_RECENT = 5
_EARLIER = 3
# Tokens: a report of one paper takes as many.
_LEAST_REPORT = 1_000


def helping(desk: Desk, table: tuple[Command, ...], words: Catalog, *, greet: bool) -> Reply:
    """Every command with what it does; ``greet`` says first what this bot is."""
    lines: list[Line] = [
        (Code(f"/{command.name}"), Text(f" {words.say(f'command.{command.name}.description')}"))
        for command in table
    ]
    blocks: list[Block] = []
    if greet:
        time = f"{desk.settings.digest_time:%H:%M}"
        zone = desk.settings.digest_timezone
        blocks.append(Paragraph((Text(words.say("answer.greeting", time=time, zone=zone)),)))
    blocks.append(Items(tuple(lines)))
    actions = (
        Action(words.say("answer.button.digest"), "digest"),
        Action(words.say("answer.button.subscribe"), "subscribe"),
        Action(words.say("answer.button.categories"), "categories"),
    )
    return answer(words, words.say("answer.help"), [*blocks, Actions(actions)])


async def post(desk: Desk, request: Request, words: Catalog) -> Reply:
    """Publish to this chat's subscriptions now, once unless asked again."""
    known = await desk.store.subscriptions.of(request.target)
    existing = [subscription for subscription in known if not subscription.paused]
    if not existing:
        resume = Action(words.say("answer.button.resume"), "subscribe")
        if known and (reason := known[0].paused):
            paused = words.say("answer.paused", reason=reason)
            return sentence(words, paused, [resume])
        return sentence(words, words.say("answer.no_subscription"))
    given = request.arguments
    day = desk.day(given["date"]) if given.get("date") else edition_day(desk.clock())
    if not await desk.publishable(day, fetch=True):
        return sentence(words, words.say("cli.nothing_collected", day=day))
    again = given.get("again") == "true"
    posted = 0
    for subscription in existing:
        issue = await desk.publisher.publish_now(day, subscription, desk.clock(), again=again)
        posted += issue is not None
    others = [] if given.get("date") else _earlier(day, words)
    if posted:
        return sentence(words, words.say("answer.posted", day=day), others)
    repeat = Action(
        words.say("answer.button.again"), "post", (("date", day.isoformat()), ("again", "true"))
    )
    return sentence(words, words.say("answer.posted_before", day=day), [repeat, *others])


def _earlier(day: date, words: Catalog) -> list[Action]:
    """Buttons to post the listings before a day."""
    found = []
    for _ in range(_EARLIER):
        day = listing_before(day)
        label = words.say("answer.menu.button.post", day=day)
        found.append(Action(label, "post", (("date", day.isoformat()),)))
    return found


async def status(desk: Desk, request: Request, words: Catalog) -> Reply:
    """Whether the newest listing is here, when this chat is next due, and its last messages."""
    lines = [await newest_listing_line(desk.store, words, desk.clock())]
    lines += await usage_lines(desk.store, desk.settings, words, desk.clock())
    for subscription in await desk.store.subscriptions.of(request.target):
        local = subscription.next_due.astimezone(ZoneInfo(subscription.wish.zone))
        due = f"{local:%Y-%m-%d %H:%M} ({subscription.wish.zone})"
        if subscription.paused:
            due = words.text(subscription.paused)
        lines.append(words.say("answer.due", number=subscription.id, due=due))
    for delivery in await desk.store.deliveries.recent(_RECENT, request.target):
        said = words.say(f"status.{delivery.state}")
        lines.append(f"{delivery.key}: {said} {delivery.error}".rstrip())
    return answer(
        words, words.say("answer.status"), [Items(tuple((Text(line),) for line in lines))]
    )


async def usage_lines(store: Store, settings: Settings, words: Catalog, now: datetime) -> list[str]:
    """What the language model was asked today (UTC), and what it may be; nothing without a key."""
    if not settings.openai_api_key.get_secret_value():
        return []
    used = await store.usage.of_day(now.astimezone(UTC).date())
    line = words.say(
        "status.tokens",
        model=settings.openai_model,
        calls=used.calls,
        prompt=used.prompt_tokens,
        completion=used.completion_tokens,
    )
    budget = settings.openai_daily_tokens
    if not budget:
        return [line]
    said = "status.spent" if used.tokens > budget - _LEAST_REPORT else "status.budget"
    return [f"{line} · {words.say(said, budget=budget)}"]


async def newest_listing_line(store: Store, words: Catalog, now: datetime) -> str:
    """What is held of the newest listing, source by source, and how many papers are kept."""
    day = newest_listing(now)
    held = " · ".join(
        f"{source.source} {words.number(source.held)}/{words.number(source.owed)}"
        f" {words.say(f'coverage.status.{source.status}')}"
        for source in await store.papers.coverage(day)
    )
    papers = await store.papers.count()
    nothing = words.say("status.not_collected")
    return words.say("status.listing", day=day, held=held or nothing, papers=papers)
