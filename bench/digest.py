"""`python -m bench.digest`: wall time and memory of `paperround digest` on the real arXiv days.

Each run is a new process, its start included; memory is the largest sum of the resident sets of the
process and its children, read every 10 ms.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
RUNS = 5


def main() -> None:
    """Print one line a day: papers, median and slowest wall time, peak memory; then `--help`."""
    days = sorted(CORPUS.glob("*.jsonl"))
    if not days:
        sys.exit(f"no real days in {CORPUS.parent.name}/{CORPUS.name} beside the project")
    print(f"{'day':<12}{'papers':>7}{'median s':>10}{'slowest s':>11}{'peak MB':>9}")
    with tempfile.TemporaryDirectory() as out:
        for path in days:
            papers = sum(1 for line in path.open(encoding="utf-8") if line.strip())
            runs = [_measured("digest", "--from", str(path), "--out", out) for _ in range(RUNS)]
            _print_line(path.stem, papers, runs)
    _print_line("--help", 0, [_measured("--help") for _ in range(RUNS)])


def _print_line(name: str, papers: int, runs: list[tuple[float, float]]) -> None:
    seconds = [run[0] for run in runs]
    peak = max(run[1] for run in runs)
    median, slowest = statistics.median(seconds), max(seconds)
    print(f"{name:<12}{papers:>7}{median:>10.2f}{slowest:>11.2f}{peak:>9.0f}")


def _measured(*arguments: str) -> tuple[float, float]:
    """Seconds and megabytes of one run."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "bot", *arguments], stdout=subprocess.DEVNULL)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, resident(process.pid))
        time.sleep(0.01)
    return time.perf_counter() - start, peak


def resident(pid: int) -> float:
    """Megabytes held by a process and its descendants (Linux)."""
    folder = Path("/proc") / str(pid)
    try:
        status = (folder / "status").read_text()
        children = (folder / "task" / str(pid) / "children").read_text().split()
    except OSError:
        return 0.0
    own = next((line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")), "0")
    return int(own) / 1024 + sum(resident(int(child)) for child in children)


if __name__ == "__main__":
    main()
