"""One use of a command, button or menu, and what the application answered."""

from dataclasses import dataclass, field

from tests.emulators.discord_errors import Json
from tests.emulators.discord_payloads import message_json, user_json
from tests.emulators.discord_watch import Watch
from tests.emulators.discord_world import LOADING, Channel, Message, User, World

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5


@dataclass(slots=True, eq=False)
class Interaction:
    """What a test awaits: ``acknowledged``, ``answer``, ``followup``, ``choices``.

    ``response_type`` is the callback's type (4 message, 5 deferred, 6 deferred update, 7 update,
    8 suggestions, 9 form), ``message`` the first answer, ``edits`` how often it was edited and
    ``followups`` the later ones; ``refused`` are the errors that answers to it met.
    """

    id: int
    token: str
    type: int
    user: User
    channel: Channel
    data: Json
    created: float
    world: World = field(repr=False)
    watch: Watch = field(repr=False)
    by_user_install: bool = False
    source: Message | None = None
    response_type: int | None = None
    took: float | None = None
    message: Message | None = None
    followups: list[Message] = field(default_factory=list)
    suggestions: list[Json] | None = None
    modal: Json | None = None
    refused: list[int] = field(default_factory=list)
    edits: int = 0

    @property
    def loading(self) -> bool:
        """Whether a deferred answer is still owed."""
        return self.message is not None and bool(self.message.flags & LOADING)

    @property
    def messages(self) -> list[Message]:
        """The answer and the followups, deleted ones left out."""
        every = [self.message] if self.message else []
        return [m for m in (*every, *self.followups) if m.id in m.channel.messages]

    async def acknowledged(self, patience: float = 10.0) -> int:
        """The callback's type, once there is one."""
        await self.watch.until(
            lambda: self.response_type is not None, f"an answer to {self}", patience
        )
        return self.response_type or 0

    async def answer(self, patience: float = 10.0) -> Message:
        """The first answer, once it is more than a promise."""
        await self.watch.until(
            lambda: self.message is not None and not self.loading, f"an answer to {self}", patience
        )
        return self.message or self._nothing()

    async def followup(self, number: int = 0, patience: float = 10.0) -> Message:
        """The followup of this number, from 0."""
        await self.watch.until(
            lambda: len(self.followups) > number, f"followup {number} to {self}", patience
        )
        return self.followups[number]

    async def edited(self, times: int = 1, patience: float = 10.0) -> Message:
        """The first answer, once it was edited so often."""
        await self.watch.until(lambda: self.edits >= times, f"an edit by {self}", patience)
        return self.message or self._nothing()

    async def choices(self, patience: float = 10.0) -> list[Json]:
        """The suggestions of an autocomplete."""
        await self.watch.until(
            lambda: self.suggestions is not None, f"suggestions for {self}", patience
        )
        return self.suggestions or []

    def _nothing(self) -> Message:
        raise LookupError(f"{self} has no message")

    def __str__(self) -> str:
        name = self.data.get("name") or self.data.get("custom_id")
        return f"{name!r} of {self.user.name}"

    def metadata(self) -> Json:
        """What a message says of the interaction it answers."""
        data: Json = {
            "id": str(self.id),
            "type": self.type,
            "user": user_json(self.user),
            "authorizing_integration_owners": self.owners(),
        }
        if self.source:
            data["interacted_message_id"] = str(self.source.id)
        return data

    def owners(self) -> Json:
        """Who installed the application that was used: the user, or the guild."""
        if self.by_user_install:
            return {"1": str(self.user.id)}
        return {"0": str(self.channel.guild.id) if self.channel.guild else "0"}

    def state(self) -> Json:
        """What there is to know about it, as JSON."""
        return {
            "id": str(self.id),
            "type": self.type,
            "data": self.data,
            "user": str(self.user.id),
            "channel": str(self.channel.id),
            "response_type": self.response_type,
            "loading": self.loading,
            "message": message_json(self.world, self.message) if self.message else None,
            "followups": [message_json(self.world, message) for message in self.followups],
            "choices": self.suggestions,
            "modal": self.modal,
            "refused": self.refused,
        }
