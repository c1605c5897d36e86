"""The service as it would run at another time: ``python -m tests.run_at 2025-07-15T03:00``."""

import asyncio
import sys
import time
from datetime import UTC, datetime, timedelta


def main() -> None:
    """Start the service with a clock that begins at the given time (UTC) and goes on from there."""
    # A worker process loads this file again, and needs none of it.
    from bot.app import serve  # noqa: PLC0415
    from bot.logs import set_up  # noqa: PLC0415
    from bot.settings import load_settings  # noqa: PLC0415

    begin = datetime.fromisoformat(sys.argv[1]).replace(tzinfo=UTC)
    started = time.monotonic()
    settings = load_settings()
    set_up(settings.log_level, settings.log_format)
    asyncio.run(serve(settings, lambda: begin + timedelta(seconds=time.monotonic() - started)))


if __name__ == "__main__":
    main()
