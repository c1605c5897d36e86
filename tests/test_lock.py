"""One service per file: refused by name, and seen by others without being in its way."""

import asyncio
from pathlib import Path

import pytest

from storage.database import (
    DatabaseInUseError,
    ServiceLock,
    StorageError,
    held_by,
    service_lock,
)
from tests.stores import contents, url_of


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "paperround.db"


def test_a_second_service_on_the_same_file_is_refused_and_told_of_the_first(file: Path) -> None:
    url = url_of(file)
    with ServiceLock(url):
        pid, _ = file.with_name("paperround.db.lock").read_text().split()
        for _ in range(2):
            with pytest.raises(DatabaseInUseError) as refused, ServiceLock(url):
                pass
            assert str(refused.value).startswith(f"{file} is in use by another Paperround")
            assert f"(process {pid})" in str(refused.value)
    with ServiceLock(url):
        pass


def test_a_lock_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    lock = ServiceLock(url_of(tmp_path / "absent" / "new.db"))
    with pytest.raises(StorageError, match="there is no folder"), lock:
        pass
    assert contents(tmp_path) == {}


def test_services_on_a_server_need_no_lock() -> None:
    url = "postgresql+asyncpg://me@host/paperround"
    with ServiceLock(url), ServiceLock(url):
        pass


def test_who_holds_a_database_is_seen_without_taking_or_writing_anything(file: Path) -> None:
    url = url_of(file)
    assert held_by(url) is None
    assert contents(file.parent) == {}
    with ServiceLock(url, "post"):
        assert held_by(url) == "post"
    with ServiceLock(url):
        before = contents(file.parent)
        assert held_by(url) == "run"
        assert contents(file.parent) == before
    assert held_by(url) is None


@pytest.mark.parametrize("said", [b"", b"\xff\xfe\xe9", b"x y z", b"99999999999 run"])
def test_a_lock_file_with_anything_in_it_can_be_taken(file: Path, said: bytes) -> None:
    file.with_name("paperround.db.lock").write_bytes(said)
    assert held_by(url_of(file)) is None
    with ServiceLock(url_of(file)), pytest.raises(DatabaseInUseError), ServiceLock(url_of(file)):
        pass


async def test_a_service_waits_for_a_post_to_end_and_a_post_for_another(file: Path) -> None:
    url = url_of(file)
    for role in ("run", "post"):
        first = ServiceLock(url, "post")
        first.__enter__()
        asyncio.get_running_loop().call_later(0.3, first.__exit__, None, None, None)
        async with service_lock(url, role):
            assert held_by(url) == role


async def test_a_post_does_not_wait_for_a_service_and_a_service_not_for_long(file: Path) -> None:
    url = url_of(file)
    with ServiceLock(url):
        for role in ("post", "run"):
            with pytest.raises(DatabaseInUseError):
                async with service_lock(url, role):
                    pass


def test_a_link_to_a_database_is_the_same_database(file: Path) -> None:
    file.touch()
    link = file.with_name("other.db")
    link.symlink_to(file)
    with (
        ServiceLock(url_of(file)),
        pytest.raises(DatabaseInUseError),
        ServiceLock(url_of(link)),
    ):
        pass
