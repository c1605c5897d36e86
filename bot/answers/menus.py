"""A subscription with the buttons and menus that change it."""

from collections.abc import Sequence

from babel.dates import get_day_names

from bot.adapters.base import Reply, Request
from bot.answers.desk import Desk
from bot.answers.shape import answer, buttons, question
from bot.subscriptions import describe
from core.blocks import Action, Ask, Block, Choice, Choices, Paragraph, Text
from core.i18n import Catalog, catalog, languages
from core.subscription import EVERY_DAY, Subscription

COMMAND = "subscriptions"
# The menu in which each option is changed, and in which it is asked for.
MENUS = {
    "categories": "categories",
    "time": "time",
    "weekdays": "time",
    "timezone": "time",
    "language": "language",
    "include": "filters",
    "exclude": "filters",
}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NO_TERMS = "-"


def panel(
    desk: Desk,
    subscription: Subscription,
    request: Request,
    words: Catalog,
    title: str = "",
    before: Sequence[str] = (),
    after: Sequence[str] = (),
) -> Reply:
    """What was agreed, with a button for each thing that can be changed about it."""
    shown = title or words.say("answer.subscription", number=subscription.id)
    said = [*before, *_agreed(desk, subscription, request, words), *after]
    actions = _entries(subscription, request, words)
    return answer(words, shown, [*_lines(said), *buttons(actions)])


def menu(
    desk: Desk, subscription: Subscription, request: Request, words: Catalog, name: str
) -> Reply | None:
    """The menu of this name under what is agreed as yet; None where there is none."""
    make = _MENUS.get(name)
    if make is None:
        return None
    said = _lines(_agreed(desk, subscription, request, words))
    blocks, actions = make(desk, subscription, words)
    done = _press(subscription, "done", words, ())
    number = words.say("answer.subscription", number=subscription.id)
    title = f"{number} · {words.say(f'answer.menu.button.{name}')}"
    return answer(words, title, [*said, *blocks, *buttons([*actions, done])])


def asking(subscription: Subscription, option: str, words: Catalog) -> Reply | None:
    """The question for an option that is written; None for one that is chosen."""
    actions = {
        action.asks.option: action for action in _written(subscription, words) if action.asks
    }
    return question(words, actions[option]) if option in actions else None


def ending(subscription: Subscription, words: Catalog, *, numbered: bool = False) -> Action:
    """The button that ends it."""
    label = words.say("answer.button.unsubscribe")
    if numbered:
        label = f"{label} #{subscription.id}"
    return Action(label, "unsubscribe", _number(subscription), in_place=True)


def _entries(subscription: Subscription, request: Request, words: Catalog) -> list[Action]:
    """What can be done with it, in the order in which it is agreed."""
    if subscription.paused:
        resume = (("resume", "yes"),)
        label = words.say("answer.button.resume")
        again = Action(label, COMMAND, (*_number(subscription), *resume), in_place=True)
        return [again, ending(subscription, words)]
    found = [_press(subscription, name, words, (("menu", name),)) for name in _MENUS]
    preview = (*_number(subscription), ("preview", "yes"))
    found.append(Action(words.say("answer.menu.button.preview"), COMMAND, preview))
    if subscription.target == request.forum:
        found.append(_press(subscription, "here", words, (("place", "here"),)))
    return [*found, ending(subscription, words)]


def _press(
    subscription: Subscription, name: str, words: Catalog, said: tuple[tuple[str, str], ...]
) -> Action:
    label = words.say(f"answer.menu.button.{name}")
    return Action(label, COMMAND, (*_number(subscription), *said), in_place=True)


def _number(subscription: Subscription) -> tuple[tuple[str, str], ...]:
    return (("number", str(subscription.id)),)


def _agreed(
    desk: Desk, subscription: Subscription, request: Request, words: Catalog
) -> tuple[str, ...]:
    """What was agreed; of a paused one why nothing comes instead of when."""
    place = request.place
    if subscription.target == request.forum:
        place = words.say("answer.menu.forum")
    lines = describe(subscription.wish, desk.taxonomy, words, subscription.next_due, place)
    if subscription.paused:
        return (*lines[:-1], words.say("answer.paused", reason=subscription.paused))
    return lines


def _lines(said: Sequence[str]) -> list[Block]:
    return [Paragraph((Text(line),)) for line in said]


_Menu = tuple[list[Block], list[Action]]


def _categories(desk: Desk, subscription: Subscription, words: Catalog) -> _Menu:
    chosen = subscription.wish.categories
    choices = [
        Choice(f"{one.emoji} {words.name(one.name)}", one.slug, one.slug in chosen)
        for one in desk.taxonomy
    ]
    # What the operator has since taken out of the taxonomy can be taken out of the wish too.
    gone = [Choice(slug, slug, chosen=True) for slug in chosen if slug not in desk.taxonomy.slugs]
    every = Choice(words.say("answer.menu.every"), "all", not chosen)
    return [_choices(subscription, "categories", [*choices, *gone], words, every)], []


def _times(desk: Desk, subscription: Subscription, words: Catalog) -> _Menu:  # noqa: ARG001
    wish = subscription.wish
    times = sorted({f"{hour:02}:00" for hour in range(24)} | {f"{wish.at:%H:%M}"})
    names = get_day_names("abbreviated", locale=words.language)
    every = wish.weekdays >= EVERY_DAY
    days = [
        Choice(names[day], value, not every and day in wish.weekdays)
        for day, value in enumerate(_WEEKDAYS)
    ]
    daily = Choice(words.say("subscription.days.every"), "daily", every)
    hours = [Choice(value, value, value == f"{wish.at:%H:%M}") for value in times]
    return [
        _choices(subscription, "time", hours, words),
        _choices(subscription, "weekdays", days, words, daily),
    ], [a for a in _written(subscription, words) if a.asks and MENUS[a.asks.option] == "time"]


def _languages(desk: Desk, subscription: Subscription, words: Catalog) -> _Menu:  # noqa: ARG001
    choices = [
        Choice(catalog(code).say("format.language"), code, code == subscription.wish.language)
        for code in sorted(languages())
    ]
    return [_choices(subscription, "language", choices, words)], []


def _filters(desk: Desk, subscription: Subscription, words: Catalog) -> _Menu:  # noqa: ARG001
    told = _lines([words.say("answer.menu.filters")])
    actions = _written(subscription, words)
    return told, [a for a in actions if a.asks and MENUS[a.asks.option] == "filters"]


_MENUS = {
    "categories": _categories,
    "time": _times,
    "language": _languages,
    "filters": _filters,
}


def _choices(
    subscription: Subscription,
    option: str,
    choices: Sequence[Choice],
    words: Catalog,
    none: Choice | None = None,
) -> Choices:
    """The menu of an option; of several choices where none of them has a meaning too."""
    asked = words.say(f"answer.menu.choose.{option}")
    number = _number(subscription)
    several = none is not None
    return Choices(asked, COMMAND, option, tuple(choices), number, several=several, none=none)


def _written(subscription: Subscription, words: Catalog) -> list[Action]:
    """The buttons for what is written, not chosen."""
    wish = subscription.wish
    asks = [
        ("time", f"{wish.at:%H:%M}", ""),
        ("timezone", wish.zone, ""),
        ("include", ", ".join(wish.include), _NO_TERMS),
        ("exclude", ", ".join(wish.exclude), _NO_TERMS),
    ]
    return [
        Action(
            words.say(f"answer.menu.button.write_{option}"),
            COMMAND,
            _number(subscription),
            Ask(option, words.say(f"answer.menu.ask.{option}"), value, empty),
            in_place=True,
        )
        for option, value, empty in asks
    ]
