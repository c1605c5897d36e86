"""What Discord's refusals mean, in words that people can act on.

Numbers: Discord developer documentation, "Opcodes and Status Codes".
"""

from collections.abc import Callable, Sequence

import discord

from bot.adapters.base import RefusedError, SendError, TransientError, UnknowableError
from bot.adapters.discord_rest import UNREACHABLE, put_off, said
from core.delivery import Delivery
from core.i18n import Phrase
from core.subscription import Target

NO_CHANNEL, NO_MESSAGE, WRONG_KIND = 10003, 10008, 50008
THREAD_EXISTS, NO_THREADS_HERE, NO_HISTORY, ARCHIVED = 160004, 50024, 160002, 50083
NO_ACCESS, NO_PERMISSION = 50001, 50013
PUBLISHED_ALREADY = 40033
_LOCKED = frozenset({160005, ARCHIVED})
SERVER_ERROR, _FORBIDDEN = 500, 403
_REMEMBERED = 100
_REFUSALS = {
    NO_CHANNEL: "channel_gone",
    10004: "server_gone",
    10013: "person_gone",
    40067: "tag",
    50007: "person_closed",
    WRONG_KIND: "wrong_kind",
    50278: "no_shared_server",
    160005: "thread_locked",
    ARCHIVED: "thread_archived",
}
Lacking = Callable[[Target, Sequence[str]], Phrase]


class Verdicts:
    """Judges failures; remembers which messages are lost while their chat is well.

    ``lacking`` says which permission a chat lacks, of those it may lack.
    """

    def __init__(self, lacking: Lacking) -> None:
        self._lacking = lacking
        self._lost: dict[str, str] = {}

    def of(
        self, delivery: Delivery, error: discord.HTTPException, wanted: Sequence[str] = ()
    ) -> Exception:
        """What the refusal of a message means for the delivery."""
        if error.code in _LOCKED and not delivery.target.thread:
            return self.lose(delivery, "the thread of this post was locked")
        judged = self.of_chat(delivery.target, error, wanted)
        if judged is not None:
            return judged
        if error.code == NO_MESSAGE:
            return self.lose(delivery, "it was sent, and deleted since")
        return self.lose(delivery, f"Discord does not take this message: {said(error)}")

    def of_chat(
        self, target: Target, error: discord.HTTPException, wanted: Sequence[str] = ()
    ) -> Exception | None:
        """What a refusal means for the chat; None where it is about the message alone."""
        code = error.code
        if later := put_off(error):
            return later
        if error.status >= SERVER_ERROR:
            return error
        if code in _REFUSALS:
            return RefusedError(Phrase(f"pause.discord.{_REFUSALS[code]}"))
        if code == NO_ACCESS:
            return RefusedError(self._lacking(target, ("view_channel",)))
        if code == NO_PERMISSION:
            names = wanted or ("send_messages", "embed_links", "attach_files")
            return RefusedError(self._lacking(target, names))
        if error.status == _FORBIDDEN:
            return RefusedError(Phrase("pause.discord.refused", reason=said(error)))
        return None

    def of_letter(self, target: Target, error: discord.HTTPException) -> SendError:
        """What a refusal means for a message that is no delivery."""
        judged = self.of_chat(target, error)
        if isinstance(judged, SendError):
            return judged
        if error.status >= SERVER_ERROR:
            return TransientError(f"Discord does not answer: {said(error)}", UNREACHABLE)
        return UnknowableError(f"Discord does not take this message: {said(error)}")

    def lose(self, delivery: Delivery, reason: str) -> UnknowableError:
        """This message ends here, and not the subscription; ``lost`` will say the same."""
        while len(self._lost) >= _REMEMBERED:
            del self._lost[next(iter(self._lost))]
        self._lost[delivery.key] = reason
        return UnknowableError(reason)

    def check_lost(self, delivery: Delivery) -> None:
        """Raise UnknowableError once more for a message that was lost."""
        if reason := self._lost.pop(delivery.key, None):
            raise UnknowableError(reason)
