"""Where a message is: its id as the ledger keeps it, and the address that leads there."""

from collections.abc import Mapping

from core.subscription import Target

# The topic that every forum has; Telegram knows no such thread (Client.cpp, Bot API server).
GENERAL = "1"
# No address of a message is longer: a name of 32 letters, two numbers of ten digits, the rest.
LONGEST_ADDRESS = 80
# Groups are numbered down from -1, supergroups and channels from here (TDLib, DialogId.h).
_SUPERGROUPS = -(10**12)


def message_id(chat: int, number: int) -> str:
    """``57``; in a group that may yet become a supergroup, and number anew, ``-2001/57``."""
    return f"{chat}/{number}" if may_move(chat) else str(number)


def may_move(chat: int) -> bool:
    """Whether it is a group that may yet become a supergroup, which has an id of its own."""
    return _SUPERGROUPS < chat < 0


def number_in(chat: int, known: str) -> int | None:
    """The number of a message in this chat, None for one that stands in another."""
    home, _, number = known.rpartition("/")
    return int(number) if number and (not home or int(home) == chat) else None


def topic_of(target: Target) -> int | None:
    """The topic to name when something is sent, None for none and for the one of every forum."""
    return int(target.thread) if target.thread and target.thread != GENERAL else None


def addresses(target: Target, links: Mapping[str, str], username: str = "") -> dict[str, str]:
    """The address of each message by its part; groups and people have none.

    ``username`` is a public chat's own.
    """
    chat = int(target.chat)
    if chat >= _SUPERGROUPS:
        return {}
    home = username or f"c/{_SUPERGROUPS - chat}"
    topic = topic_of(target)
    place = f"{home}/{topic}" if topic else home
    return {
        part: f"https://t.me/{place}/{number}"
        for part, known in links.items()
        if (number := number_in(chat, known)) is not None
    }
