"""What a short command says on stderr when something is wrong, and its exit code."""

import os
import sys
from collections.abc import Iterable
from contextlib import suppress

from rich.console import Console, RenderableType

from core.i18n import Catalog
from core.ports import SourceCoverage

USEFUL, NOTHING, BAD, INCOMPLETE = 0, 1, 2, 3
_MOST = 10


def complain(line: str, code: int) -> int:
    """Say what is wrong in one line and give the exit code back."""
    _say(line)
    return code


def report_faults(sources: Iterable[SourceCoverage], words: Catalog) -> None:
    """Every line or page that gave no paper, by place and reason; ten of them, then a count."""
    for source in sources:
        faults = [(item.id, item.reason) for item in source.missing]
        faults += [(remark.place, remark.said) for remark in source.remarks]
        for place, said in faults[:_MOST]:
            _say(f"{place}: {words.text(said)}")
        if len(faults) > _MOST:
            _say(words.say("cli.more", place=source.source, count=len(faults) - _MOST))


def report_breaks(sources: Iterable[SourceCoverage], words: Catalog) -> None:
    """Why a source is not whole, where no missing paper already says it."""
    for source in sources:
        if source.status in {"partial", "failed"} and source.note and not source.missing:
            _say(words.text(source.note))


def show(*parts: RenderableType) -> None:
    """Print to the terminal; a reader that has seen enough, such as ``head``, ends nothing else."""
    console = Console()
    try:
        for part in parts:
            console.print(part)
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes once more at its end, into the closed pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(line: str) -> None:
    """One line, whatever a file or a server put into it: no escape reaches the terminal."""
    flat = " ".join(line.split())
    safe = "".join(char if char.isprintable() else "�" for char in flat)
    # On a full disk the exit code alone must tell.
    with suppress(OSError):
        sys.stderr.write(f"paperround: {safe}\n")
        sys.stderr.flush()
