"""What language models took in tokens, and the reports they wrote."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, select

from core.ports import ReportKey
from core.ranking import Entry
from core.report import Report
from storage.codec import report_from_json, report_to_json
from storage.dialect import insert
from storage.engine import Database
from storage.schema import usage, written

# Sealed editions hold their own reports; these are for what is asked again soon.
_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Usage:
    """What was asked in one day (UTC): calls, and tokens in and out."""

    calls: int
    prompt_tokens: int
    completion_tokens: int

    @property
    def tokens(self) -> int:
        """All tokens."""
        return self.prompt_tokens + self.completion_tokens


class UsageStore:
    """The ledger of the language models. Every method raises StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_day(self, day: date) -> Usage:
        """What was asked of all models in one day."""
        counted = (usage.c.calls, usage.c.prompt_tokens, usage.c.completion_tokens)
        statement = select(*(func.coalesce(func.sum(column), 0) for column in counted))
        async with self._database.read() as connection:
            row = (await connection.execute(statement.where(usage.c.day == day))).one()
        return Usage(*(int(number) for number in row))

    async def spent(self, day: date) -> int:
        """The tokens of one day."""
        return (await self.of_day(day)).tokens

    async def add(self, day: date, model: str, prompt_tokens: int, completion_tokens: int) -> None:
        """Count one call."""
        numbers = {
            "calls": 1,
            "prompt_tokens": prompt_tokens,
            "completion_tokens": completion_tokens,
        }
        more = {name: usage.c[name] + number for name, number in numbers.items()}
        async with self._database.write() as connection:
            await connection.execute(
                insert(connection, usage)
                .values(day=day, model=model, **numbers)
                .on_conflict_do_update(index_elements=[usage.c.day, usage.c.model], set_=more)
            )

    async def find(self, key: ReportKey, papers: tuple[Entry, ...]) -> Report | None:
        """The report that was written before, about these papers."""
        statement = select(written.c.body).where(_is(key))
        async with self._database.read() as connection:
            body = await connection.scalar(statement)
        return report_from_json(key.category, key.language, body, papers) if body else None

    async def keep(self, key: ReportKey, report: Report) -> None:
        """Keep a report under its key; those of old editions are let go of."""
        async with self._database.write() as connection:
            await connection.execute(
                insert(connection, written)
                .values(
                    edition=key.day,
                    category=key.category,
                    language=key.language,
                    model=key.model,
                    prompt=key.prompt,
                    papers=key.papers,
                    body=report_to_json(report),
                )
                .on_conflict_do_nothing()
            )
            await connection.execute(delete(written).where(written.c.edition < key.day - _KEPT))


def _is(key: ReportKey) -> ColumnElement[bool]:
    return and_(
        written.c.edition == key.day,
        written.c.category == key.category,
        written.c.language == key.language,
        written.c.model == key.model,
        written.c.prompt == key.prompt,
        written.c.papers == key.papers,
    )
