"""Draw ``docs/discord-*.png`` and ``docs/telegram-*.png``: ``make screenshots``."""

import asyncio
import io
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

import discord_page
import telegram_page
from day import Day, a_day
from PIL import Image

_DOCS = Path(__file__).parents[1]
_WIDEST = 1400
# One column needs no more.
_NARROW = 800
_LARGEST = 600_000
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_OPTIONS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --hide-scrollbars "
    "--disable-background-networking --disable-component-update --disable-sync "
    "--virtual-time-budget=4000"
)
_MEASURE = (
    "<script>document.fonts.ready.then(() => {"
    "const r = document.querySelector('main').getBoundingClientRect();"
    "document.title = `${Math.ceil(r.width)}x${Math.ceil(r.height)}`; })</script>"
)


def shoot(browser: str, page: str, folder: Path) -> Image.Image:
    """The page's ``main`` as a picture, as wide as it may be."""
    source, target = folder / "page.html", folder / "page.png"
    source.write_text(page + _MEASURE, encoding="utf-8")
    common = [browser, *_OPTIONS.split(), f"--user-data-dir={folder / 'profile'}"]
    seen = _run([*common, "--window-size=1400,900", "--dump-dom", source.as_uri()])
    size = re.search(r"<title>(\d+)x(\d+)</title>", seen)
    if size is None:
        sys.exit("chromium could not measure the page")
    width, height = int(size[1]), int(size[2])
    scale = min(2.0, (_WIDEST if width > _NARROW else _NARROW) / width)
    _run(
        [
            *common,
            f"--window-size={width},{height}",
            f"--force-device-scale-factor={scale:.4f}",
            f"--screenshot={target}",
            source.as_uri(),
        ]
    )
    return Image.open(io.BytesIO(target.read_bytes()))


def save(picture: Image.Image, file: Path) -> None:
    """Keep the picture, in 256 colours if it is too large in all of them."""
    picture.convert("RGB").save(file, optimize=True)
    if file.stat().st_size > _LARGEST:
        few = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
        few.save(file, optimize=True)
    size = f"{picture.width}x{picture.height}, {file.stat().st_size:,} bytes"
    sys.stdout.write(f"{file}: {size}\n")


def _run(command: list[str]) -> str:
    done = subprocess.run(command, check=True, capture_output=True, timeout=60)  # noqa: S603
    return done.stdout.decode()


async def _pages(day: Day) -> AsyncIterator[tuple[str, str]]:
    """Every picture's name and its page."""
    for platform, draw, asked in (
        ("discord", discord_page, "rl"),
        ("telegram", telegram_page, "llm"),
    ):
        answer = await day.ask("digest", platform, category=asked, date=day.post.day)
        yield platform, draw.page(day, answer)
    for platform, draw, chat in (
        ("discord", discord_page.channel, "#papers"),
        ("telegram", telegram_page.chat, "1"),
    ):
        cv = await day.ask("digest", platform, chat=chat, category="cv")
        yield f"{platform}-digest", draw(day, [("/digest cv", cv)])
        agreed = await day.ask("subscribe", platform, chat=chat, categories="cv,llm")
        yield f"{platform}-subscribe", draw(day, [("/subscribe cv,llm", agreed)])
        yield f"{platform}-quiet", draw(day, [("", day.quiet)])


async def _draw(browser: str) -> None:
    for language in ("ko", "en"):
        async with a_day(language) as day:
            pages = [page async for page in _pages(day)]
        for name, page in pages:
            with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
                picture = shoot(browser, page, Path(folder))
            save(picture, _DOCS / f"{name}-{language}.png")


def main() -> None:
    """Draw all of them."""
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        sys.exit(
            "chromium is missing: apt-get install chromium fonts-noto-cjk fonts-noto-color-emoji"
        )
    asyncio.run(_draw(browser))


if __name__ == "__main__":
    main()
