"""``python -m bot`` and the console script ``paperround``."""

import io
import os
import sys

from bot.cli import app


def main() -> None:
    """Run the command line, and end with its exit code."""
    _fill_gaps()
    for stream in (sys.stdout, sys.stderr):
        # A terminal or a pipe that is not UTF-8 shows a question mark rather than nothing.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    code = _run()
    try:
        sys.stderr.flush()
    except OSError:
        _abandon(2)
    sys.exit(code)


def _run() -> int | str | None:
    """The exit code; an output that cannot be written, on a full disk say, is one line."""
    code: int | str | None = 0
    try:
        try:
            app(prog_name="paperround")
        except SystemExit as end:
            code = end.code
        sys.stdout.flush()
    except BrokenPipeError:
        _abandon(1)
    except OSError as error:
        if error.filename is not None:
            raise
        _abandon(1)
        from bot.complaints import BAD, complain  # noqa: PLC0415 - only where it is needed

        code = complain(f"the output cannot be written: {error.strerror or error}", BAD)
    return code


def _fill_gaps() -> None:
    """A stream that the caller closed would give its number to the next file, the database even."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    sys.stdin = sys.stdin or open(0, closefd=False)  # noqa: SIM115
    sys.stdout = sys.stdout or open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", closefd=False)  # noqa: SIM115


def _abandon(stream: int) -> None:
    """Python flushes once more at its end: into nothing."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream)


if __name__ == "__main__":
    main()
