"""Streams that are full, closed or stalled, and signals that come early: one line, nothing broken."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.factories import FONTS, NOWHERE
from tests.test_cli import papers, written
from tests.test_operating import rows, start_service

ROOT = Path(__file__).parents[1]
Call = Callable[..., "subprocess.CompletedProcess[bytes]"]


def environment(folder: Path, **settings: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        **FONTS,
        "PYTHONPATH": str(ROOT),
        "DIGEST_LANGUAGE": "en",
        **NOWHERE,
        "ARXIV_DELAY_SECONDS": "0",
        **settings,
    }


@pytest.fixture
def call(tmp_path: Path) -> Call:
    """Runs the program through a shell, which can close and redirect its streams."""

    def run(command: str, **settings: str) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            ["/bin/sh", "-c", f"{sys.executable} -m bot {command}"],
            cwd=tmp_path,
            env=environment(tmp_path, **settings),
            capture_output=True,
            check=False,
            timeout=60,
        )

    return run


@pytest.mark.parametrize(
    "command", ["collect --from {day}", "digest --from {day}", "classify {day}", "status"]
)
def test_a_full_output_is_one_line_and_a_bad_exit(call: Call, tmp_path: Path, command: str) -> None:
    path = written(tmp_path, papers(4))
    if command == "status":
        call(f"collect --from {path}")
    done = call(f"{command.format(day=path)} >/dev/full")
    assert done.returncode == 2
    assert done.stderr == b"paperround: the output cannot be written: No space left on device\n"


@pytest.mark.parametrize("closing_it", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("command", ["collect --from {day}", "digest --from {day}", "db upgrade"])
def test_a_closed_stream_harms_nothing(
    call: Call, tmp_path: Path, command: str, closing_it: str
) -> None:
    path = written(tmp_path, papers(4))
    done = call(f"{command.format(day=path)} {closing_it}")
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    if "digest" not in command:
        with closing(sqlite3.connect(tmp_path / "paperround.db")) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_reader_that_has_seen_enough_ends_nothing(call: Call, tmp_path: Path) -> None:
    path = written(tmp_path, papers(12))
    done = call(f"digest --from {path} | head -1")
    assert (done.returncode, done.stderr) == (0, b"")


def test_an_error_that_nobody_can_be_told_is_an_exit_code(call: Call) -> None:
    done = call("collect --from gone.jsonl 2>/dev/full")
    assert (done.returncode, done.stdout) == (2, b"")


@pytest.mark.parametrize("query", ["?timeout=soon", "?colour=red", "?mode=rainbow&uri=true"])
def test_an_option_that_the_database_does_not_know_is_one_line(call: Call, query: str) -> None:
    done = call("db upgrade", DATABASE_URL=f"sqlite+aiosqlite:///paperround.db{query}")
    assert done.returncode == 2
    assert done.stderr.startswith(b"paperround: ")
    assert len(done.stderr.splitlines()) == 1


def test_spaces_around_the_database_s_address_are_no_part_of_it(call: Call, tmp_path: Path) -> None:
    done = call("db upgrade", DATABASE_URL=" sqlite+aiosqlite:///paperround.db ")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "paperround.db").exists()


async def started(
    folder: Path, at: str, output: int = subprocess.DEVNULL, log: int = subprocess.DEVNULL
) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.run_at", at),
        cwd=folder,
        env=environment(folder),
        stdout=output,
        stderr=log,
    )


@pytest.fixture
def full_pipe() -> Iterator[int]:
    """The writing end of a pipe that is full and that nobody reads."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    with suppress(BlockingIOError):
        while True:
            os.write(writer, b"\n" * 4096)
    os.set_blocking(writer, True)
    yield writer
    os.close(reader)
    os.close(writer)


async def test_a_terminal_that_nobody_reads_does_not_keep_the_service_from_stopping(
    call: Call, tmp_path: Path, full_pipe: int
) -> None:
    call(f"collect --from {written(tmp_path, papers(12))}")
    process = await started(tmp_path, "2025-07-15T03:00", output=full_pipe)
    tried = "SELECT count(*) FROM deliveries WHERE error LIKE '%takes no more%'"
    async with asyncio.timeout(60):
        while not (tmp_path / "paperround.db-wal").exists() or rows(tmp_path, tried) == [(0,)]:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    process.terminate()
    assert await asyncio.wait_for(process.wait(), 10) == 0
    assert rows(tmp_path, "SELECT count(*) FROM deliveries WHERE state = 'sent'") == [(0,)]


async def test_a_log_that_nobody_reads_holds_up_neither_posts_nor_the_end(
    call: Call, tmp_path: Path, full_pipe: int
) -> None:
    call(f"collect --from {written(tmp_path, papers(12))}")
    process = await started(tmp_path, "2025-07-15T03:00", log=full_pipe)
    sent = "SELECT count(*) FROM deliveries WHERE state = 'sent'"
    async with asyncio.timeout(60):
        while not (tmp_path / "paperround.db-wal").exists() or rows(tmp_path, sent) != [(3,)]:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    process.terminate()
    assert await asyncio.wait_for(process.wait(), 10) == 0


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_to_all_its_processes_ends_the_service_cleanly(
    call: Call, tmp_path: Path, name: signal.Signals
) -> None:
    call(f"collect --from {written(tmp_path, papers(12))}")
    process = await start_service(tmp_path, "2025-07-15T03:00", group=True)
    os.killpg(process.pid, name)
    _, err = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 0
    assert b"Traceback" not in err
    assert b"beat failed" not in err


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_while_it_starts_ends_the_service_cleanly(
    tmp_path: Path, name: signal.Signals
) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-X", "importtime", "-m", "bot", "run"),
        cwd=tmp_path,
        env=environment(tmp_path),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        limit=2**20,
    )
    assert process.stderr
    # Its own modules are being loaded: it is well before the service runs.
    await process.stderr.readuntil(b" bot.dates\n")
    process.send_signal(name)
    _, err = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 0, err.decode()
    assert b"Traceback" not in err
