"""``python -m bot`` and the console script ``paperround``."""

import io
import sys

from bot.cli import app


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal or a pipe that is not UTF-8 shows a question mark rather than nothing.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    app(prog_name="paperround")


if __name__ == "__main__":
    main()
