"""`python -m bench.render`: random documents in all forms, held to the emulators' rules.

Each document (tests/documents.py: whatever a paper, a model or a person may put into one) is
rendered for Discord, Telegram, a terminal, as Markdown and as HTML; each form is checked by what
tests/rendered_chats.py and tests/rendered_documents.py say of it. Rates are of the rendering alone,
without the making and the checking.
"""

import argparse
import os
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from functools import partial

from hypothesis import HealthCheck, Phase, given, seed, settings

from bot.adapters.discord_render import freeze
from bot.adapters.telegram_render import private, thread
from core.blocks import Post
from core.render.html import to_html
from core.render.markdown import to_markdown
from tests.documents import posts
from tests.rendered_chats import check_discord, check_telegram, check_terminal, printed
from tests.rendered_documents import check_html, check_markdown

FORMS: dict[str, tuple[Callable[[Post], object], Callable[[Post], None]]] = {
    "Discord": (lambda p: (freeze(p, private=False), freeze(p, private=True)), check_discord),
    "Telegram": (lambda p: (thread(p), private(p)), check_telegram),
    "terminal": (lambda p: [printed(p, one, 80) for one in p.messages], check_terminal),
    "Markdown": (to_markdown, check_markdown),
    "HTML": (to_html, check_html),
}
_SHOWN = 3


def main() -> None:
    """Print for each form how many documents, failures, and documents a second; exit 1 if any fail."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m bench.render")
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--forms", nargs="*", default=list(FORMS), choices=list(FORMS))
    options = parser.parse_args()
    count, failures, seconds = _in_processes(options.documents, options.seed, options.forms)
    print(f"{'form':<10}{'documents':>10}{'failures':>10}{'a second':>10}")
    for name in options.forms:
        print(f"{name:<10}{count:>10}{failures[name]:>10}{count / seconds[name]:>10.0f}")
    sys.exit(bool(failures.total()) or count < options.documents)


def _in_processes(
    wanted: int, start: int, forms: list[str]
) -> tuple[int, Counter[str], dict[str, float]]:
    """What ``_run`` gives, from as many processes as there are cores, each with its own seed."""
    workers = len(os.sched_getaffinity(0))
    shares = [wanted // workers + (n < wanted % workers) for n in range(workers)]
    count = 0
    failures: Counter[str] = Counter()
    seconds = dict.fromkeys(forms, 0.0)
    with ProcessPoolExecutor(workers) as pool:
        starts = range(start * workers, (start + 1) * workers)
        for made, failed, spent in pool.map(partial(_run, forms=forms), shares, starts):
            count += made
            failures += failed
            seconds = {name: seconds[name] + spent[name] for name in forms}
    return count, failures, seconds


def _run(wanted: int, start: int, forms: list[str]) -> tuple[int, Counter[str], dict[str, float]]:
    """How many documents were made, failures and seconds of each form."""
    failures: Counter[str] = Counter()
    seconds = dict.fromkeys(forms, 0.0)
    made = 0

    @seed(start)
    @settings(
        max_examples=wanted,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(posts)
    def documents(post: Post) -> None:
        nonlocal made
        made += 1
        for name in forms:
            render, check = FORMS[name]
            begin = time.perf_counter()
            with suppress(Exception):
                render(post)
            seconds[name] += time.perf_counter() - begin
            try:
                check(post)
            except Exception:  # noqa: BLE001 - whatever it is, it is counted
                failures[name] += 1
                if failures[name] <= _SHOWN:
                    print(
                        f"{name}: {post!r:.2000}\n{traceback.format_exc(limit=-3)}", file=sys.stderr
                    )

    documents()
    return made, failures, seconds


if __name__ == "__main__":
    main()
