"""Opening the database: made, upgraded, refused in one clear line, and safe from kills."""

import asyncio
import errno
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from core.i18n import Phrase
from core.ports import Batch
from core.subscription import Target
from storage import migrate
from storage.address import Address
from storage.database import StorageError, existing_store, open_store, upgrade
from storage.engine import Database
from storage.schema import metadata
from tests import stores
from tests.factories import DAY
from tests.stores import NOW, PAPERS, ask, contents, refusal, subscribe, url_of

database_url, file = stores.database_url, stores.file


REVISIONS = ["0001", "0002", "0003"]
NEWEST = REVISIONS[-1]


def overwrite(file: Path, start: int, length: int) -> None:
    with file.open("r+b") as pages:
        pages.seek(start)
        pages.write(b"\xff" * length)


async def test_a_database_is_made_where_there_is_none(tmp_path: Path) -> None:
    file = tmp_path / "new.db"
    assert await upgrade(url_of(file)) == REVISIONS
    assert await upgrade(url_of(file)) == []
    assert ask(file, "PRAGMA journal_mode") == [("wal",)]
    assert list(contents(tmp_path)) == ["new.db"]


async def test_what_was_stored_is_there_after_opening_again(file: Path) -> None:
    async with open_store(url_of(file)) as store:
        await store.papers.take_in(DAY, Batch("arXiv", "ok", PAPERS[:3]), DAY, NOW)
    async with existing_store(url_of(file)) as found:
        assert found
        assert await found.papers.new_in(DAY) == list(PAPERS[:3])


async def test_connections_keep_references_whole_and_wait_for_each_other(file: Path) -> None:
    database = Database(Address.parse(url_of(file)))
    async with database.read() as connection:
        found = {
            name: await connection.scalar(text(f"PRAGMA {name}"))
            for name in ("foreign_keys", "busy_timeout", "synchronous", "journal_mode")
        }
    await database.close()
    assert found == {
        "foreign_keys": 1,
        "busy_timeout": 5000,
        "synchronous": 1,
        "journal_mode": "wal",
    }


def test_the_migrations_make_the_schema(file: Path) -> None:
    made = create_engine(f"sqlite:///{file}")
    with made.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    made.dispose()
    by_hand = create_engine("sqlite://")
    with by_hand.connect() as connection:
        metadata.create_all(connection)
        indexes = "SELECT name, sql FROM sqlite_master WHERE name LIKE 'ix_%' ORDER BY name"
        assert ask(file, indexes) == [tuple(row) for row in connection.execute(text(indexes))]
    by_hand.dispose()


async def test_existing_store_finds_no_store_and_makes_none(tmp_path: Path) -> None:
    for name in ("absent.db", "no/folder.db"):
        async with existing_store(url_of(tmp_path / name)) as found:
            assert found is None
    (tmp_path / "empty.db").touch()
    async with existing_store(url_of(tmp_path / "empty.db")) as found:
        assert found is None
    assert contents(tmp_path) == {"empty.db": b""}


# --- upgrades


@pytest.fixture
def next_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Makes this program one that knows one more revision; its file."""
    scripts = tmp_path / "100% ours" / "migrations"
    shutil.copytree(migrate.SCRIPTS, scripts)
    monkeypatch.setattr(migrate, "SCRIPTS", scripts)
    script = scripts / "versions" / "r9999_next.py"
    script.write_text(
        "from alembic import op\n"
        f"revision, down_revision = '9999', '{NEWEST}'\n"
        "def upgrade():\n"
        "    op.execute('CREATE TABLE extra (id INTEGER)')\n"
    )
    return script


@pytest.mark.usefixtures("next_revision")
async def test_an_older_database_is_copied_and_then_upgraded(file: Path) -> None:
    async with open_store(url_of(file)) as store:
        assert await store.papers.count() == 0
    assert ask(file, "SELECT version_num FROM alembic_version") == [("9999",)]
    backup = file.with_name(f"paperround.db.{NEWEST}.bak")
    assert ask(backup, "SELECT version_num FROM alembic_version") == [(NEWEST,)]
    assert sorted(contents(file.parent)) == ["paperround.db", f"paperround.db.{NEWEST}.bak"]


async def test_an_upgrade_that_breaks_leaves_the_database_as_it_was(
    file: Path, next_revision: Path
) -> None:
    with next_revision.open("a") as script:
        script.write("    op.execute('INSERT INTO absent VALUES (1)')\n")
    with pytest.raises(StorageError, match=r"paperround\.db: no such table: absent"):
        await upgrade(url_of(file))
    assert ask(file, "SELECT version_num FROM alembic_version") == [(NEWEST,)]
    assert ask(file, "SELECT name FROM sqlite_master WHERE name = 'extra'") == []


async def test_a_database_of_before_amendments_goes_on_with_all_it_held(tmp_path: Path) -> None:
    file = tmp_path / "paperround.db"
    with closing(sqlite3.connect(file)) as old:
        old.executescript(Path(__file__).with_name("r0002.sql").read_text("utf-8"))
    async with open_store(url_of(file)) as store:
        active = await store.subscriptions.of(Target("telegram", "-100"))
        paused = await store.subscriptions.all_paused()
        assert [(s.id, s.paused, s.place) for s in active] == [(1, None, "")]
        blocked = Phrase("pause.told", reason="The bot was blocked: unblock it.")
        assert [(s.id, s.paused) for s in paused] == [(2, blocked)]
        assert await store.editions.correction(DAY) is None
        assert await store.amendments.due("telegram", NOW, 10) == []
        for part in ("parent", "cv"):
            (claimed,) = await store.deliveries.claim("telegram", NOW, 10)
            assert claimed.key == f"{DAY}/1/2/{part}"
            await store.deliveries.sent(claimed.id, f"m-{part}", NOW)
        (amendment,) = await store.amendments.due("telegram", NOW, 10)
        assert amendment.delivery.key == f"{DAY}/1/2/parent"
        assert amendment.links == {"cv": "m-cv"}
        found = await store.amendments.outdated(DAY, 1, 0, 10)
        assert [(issue.subscription, issue.parts) for issue in found] == [
            (1, ("parent", "cv")),
            (2, ("parent", "cv")),
        ]
    backup = file.with_name("paperround.db.0002.bak")
    assert ask(backup, "SELECT version_num FROM alembic_version") == [("0002",)]
    made = create_engine(url_of(file).replace("+aiosqlite", ""))
    with made.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    made.dispose()


@pytest.mark.usefixtures("next_revision")
async def test_an_older_database_is_not_upgraded_in_passing(file: Path) -> None:
    before = contents(file.parent)
    with pytest.raises(StorageError, match=r"paperround\.db is older .* `paperround db upgrade`$"):
        async with existing_store(url_of(file)):
            pass
    assert contents(file.parent) == before


async def test_two_programs_may_make_the_database_at_once(tmp_path: Path) -> None:
    url = url_of(tmp_path / "new.db")
    applied = await asyncio.gather(*(upgrade(url) for _ in range(4)))
    assert sorted(applied) == [[], [], [], REVISIONS]


# --- refusals: nothing written, no file made


async def test_a_database_of_a_newer_program_is_refused(file: Path) -> None:
    ask(file, "UPDATE alembic_version SET version_num = '9999'")
    before = contents(file.parent)
    line = await refusal(url_of(file))
    assert line.startswith(f"{file} was written by a newer Paperround (its schema is '9999')")
    with pytest.raises(StorageError, match="newer Paperround"):
        async with existing_store(url_of(file)):
            pass
    assert contents(file.parent) == before


async def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_bytes(b"not a database, but a longer text\n" * 200)
    before = contents(tmp_path)
    assert (await refusal(url_of(file))).startswith(f"{file} is not a database:")
    assert contents(tmp_path) == before


async def test_another_program_s_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.db"
    ask(file, "CREATE TABLE theirs (id INTEGER)")
    before = contents(tmp_path)
    assert (await refusal(url_of(file))).startswith(f"{file} belongs to another program:")
    assert contents(tmp_path) == before


async def test_a_damaged_database_is_refused(file: Path) -> None:
    overwrite(file, 100, 3996)
    before = contents(file.parent)
    assert (await refusal(url_of(file))).startswith(f"{file} is damaged:")
    assert contents(file.parent) == before


async def test_damage_found_later_is_told_as_clearly(file: Path) -> None:
    async with open_store(url_of(file)) as store:
        await store.papers.take_in(DAY, Batch("arXiv", "ok", PAPERS[:50]), DAY, NOW)
    root, size = ask(
        file, "SELECT rootpage, page_size FROM sqlite_master, pragma_page_size WHERE name='papers'"
    )[0]
    assert isinstance(root, int)
    assert isinstance(size, int)
    overwrite(file, (root - 1) * size, size)
    async with open_store(url_of(file)) as store:
        with pytest.raises(StorageError, match=rf"^{file} is damaged: "):
            await store.papers.new_in(DAY)


@pytest.mark.parametrize("denied", ["paperround.db", "."])
async def test_a_database_that_this_user_cannot_write_is_refused(
    file: Path, monkeypatch: pytest.MonkeyPatch, denied: str
) -> None:
    path = file.parent / denied
    # As root, which these tests may be, no permission is ever denied.
    monkeypatch.setattr(os, "access", lambda asked, _mode: asked != path)
    before = contents(file.parent)
    line = await refusal(url_of(file))
    assert line == f"{file} cannot be written: let this user write {path}"
    assert contents(file.parent) == before


async def test_writing_to_a_database_opened_for_reading_is_told(file: Path) -> None:
    url = f"sqlite+aiosqlite:///file:{file}?mode=ro&uri=true"
    async with existing_store(url) as store:
        assert store
        with pytest.raises(StorageError, match=rf"^{file} cannot be written: "):
            await subscribe(store)


async def test_a_folder_that_may_not_be_looked_into_is_told(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(path: Path) -> bool:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "exists", denied)
    assert await refusal(url_of(file)) == f"{file}: Permission denied"
    with pytest.raises(StorageError, match="Permission denied$"):
        async with existing_store(url_of(file)):
            pass


async def test_where_no_file_can_be_made_none_is(tmp_path: Path) -> None:
    file = tmp_path / "new.db"
    line = await refusal(f"sqlite+aiosqlite:///file:{file}?mode=ro&uri=true")
    assert line.startswith(f"{file} cannot be opened:")
    assert contents(tmp_path) == {}


async def test_a_folder_that_does_not_exist_is_named_and_not_made(tmp_path: Path) -> None:
    folder = tmp_path / "absent"
    line = await refusal(url_of(folder / "new.db"))
    assert line == f"{folder}/new.db cannot be made: there is no folder {folder}"
    assert not folder.exists()


async def test_a_folder_is_no_database(tmp_path: Path) -> None:
    assert (await refusal(url_of(tmp_path))).startswith(f"{tmp_path} cannot be opened:")


def test_a_refusal_is_all_that_is_printed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for _ in range(5):
        with pytest.raises(StorageError):
            asyncio.run(upgrade(url_of(tmp_path)))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "paperround.db",
        "mysql://me:s3cret@host/paperround",
        "s3cret",
        "postgresql://me:s3cret@host:port/paperround",
        "sqlite+aiosqlite://",
        "sqlite+aiosqlite:///:memory:",
        "sqlite+aiosqlite://me:s3cret@host/paperround.db",
        "sqlite+aiosqlite:///file:x?mode=memory&uri=true",
    ],
)
async def test_a_bad_address_is_refused_with_what_was_expected_and_no_password(url: str) -> None:
    line = await refusal(url)
    assert "expected sqlite+aiosqlite:///paperround.db" in line
    assert "s3cret" not in line


def test_an_address_is_shown_without_its_password() -> None:
    address = Address.parse("postgresql://me:s3cret@host/paperround")
    assert str(address) == "postgresql+asyncpg://me:***@host/paperround"
    assert address.without_password("no entry for s3cret") == "no entry for ***"


async def test_a_folder_that_cannot_be_written_can_still_be_looked_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = url_of(tmp_path / "paperround.db")
    async with open_store(url) as store:
        await subscribe(store)
    monkeypatch.setattr("storage.database.os.access", lambda path, _: Path(path) != tmp_path)
    before = contents(tmp_path)
    async with existing_store(url) as store:
        assert store
        assert len(await store.subscriptions.all_active()) == 1
        with pytest.raises(StorageError, match="cannot be written"):
            await subscribe(store)
    assert contents(tmp_path) == before
