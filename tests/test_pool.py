import asyncio
import os
import signal
import subprocess
import sys
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from bot.pool import Pool

# A parent that has a worker, says which, and is then killed by the test.
PARENT = """
import asyncio, os
from bot.pool import Pool

async def main():
    print(await Pool()(os.getpid), flush=True)
    await asyncio.sleep(60)

if __name__ == "__main__":
    asyncio.run(main())
"""


async def test_work_runs_in_another_process_and_its_error_comes_back() -> None:
    pool = Pool()
    try:
        assert await pool(os.getpid) != os.getpid()
        with pytest.raises(ValueError, match="invalid literal"):
            await pool(int, "x")
    finally:
        pool.close()


async def test_a_closed_pool_starts_again_for_the_next_job() -> None:
    pool = Pool()
    first = await pool(os.getpid)
    pool.close()
    assert await pool(os.getpid) != first
    pool.close()


async def test_a_worker_does_not_outlive_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    parent = await asyncio.create_subprocess_exec(
        *(sys.executable, str(script)),
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
        stdout=subprocess.PIPE,
    )
    assert parent.stdout
    worker = int(await parent.stdout.readline())
    parent.kill()
    await parent.wait()
    async with asyncio.timeout(20):
        while alive(worker):  # noqa: ASYNC110 - another process does the work
            await asyncio.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether the process runs; one that waits to be buried does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


async def test_a_worker_that_was_killed_is_replaced_for_the_next_job() -> None:
    pool = Pool()
    with pytest.raises(BrokenProcessPool):
        await pool(os.kill, await pool(os.getpid), signal.SIGKILL)
    assert await pool(os.getpid) != os.getpid()
    pool.close()


@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_to_a_worker_is_left_to_its_parent(name: signal.Signals) -> None:
    pool = Pool()
    worker = await pool(os.getpid)
    os.kill(worker, name)
    assert await pool(os.getpid) == worker
    pool.close()


async def test_where_no_process_may_be_started_the_work_is_done_in_a_thread(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("bot.pool.ProcessPoolExecutor", refuse)
    pool = Pool()
    assert await pool(os.getpid) == os.getpid()
    pool.close()
    assert "Permission denied" in caplog.text
