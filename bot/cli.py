"""The command line: options in, exit code out.

Nothing of ours is imported before a command runs, so that ``--help`` answers at once.
"""

import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="The day's AI papers: one post, one thread, one summary per category.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
database = typer.Typer(help="The database.", no_args_is_help=True)
app.add_typer(database, name="db")


@app.callback()
def paperround() -> None:
    """The day's AI papers: one post, one thread, one summary per category."""


@app.command()
def digest(
    date: Annotated[
        str, typer.Option(help="The listing's date: YYYY-MM-DD, today or yesterday.")
    ] = "",
    category: Annotated[str, typer.Option(help="Only these, by slug: cv,llm")] = "",
    language: Annotated[str, typer.Option(help="ko or en; else DIGEST_LANGUAGE.")] = "",
    from_: Annotated[
        Path | None, typer.Option("--from", help="Papers from a JSON-Lines file, not the network.")
    ] = None,
    out: Annotated[
        Path, typer.Option(help="Where the files go: OUT/<date>/digest.md, .html, .json, chart.png")
    ] = Path("digests"),
    *,
    sample: Annotated[
        bool, typer.Option("--sample", help="Show the bundled sample edition.")
    ] = False,
) -> None:
    """Build the day's edition, show it as the thread it would be, and write it to files."""
    from bot.charts import chart_worker  # noqa: PLC0415

    # The chart's process loads matplotlib while this one loads everything else.
    with chart_worker() as charts:
        from bot import digest as command  # noqa: PLC0415

        given = command.Options(date, category, language, from_, out, sample)
        code = command.run(given, charts)
    raise typer.Exit(code)


@app.command()
def classify(
    file: Annotated[Path, typer.Argument(help="Papers as JSON Lines.")],
    *,
    json: Annotated[
        bool, typer.Option("--json", help="One JSON line per paper: id, category, score, reason.")
    ] = False,
) -> None:
    """Sort papers into categories and say why."""
    from bot import classify as command  # noqa: PLC0415

    raise typer.Exit(command.run(file, as_json=json))


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="Reports as JSON Lines: language, papers, report.")],
    *,
    json: Annotated[
        bool, typer.Option("--json", help="One JSON line per report: ok, findings.")
    ] = False,
) -> None:
    """Check reports against their papers and say what is wrong."""
    from bot import verify as command  # noqa: PLC0415

    raise typer.Exit(command.run(file, as_json=json))


@app.command()
def run() -> None:
    """Run the service: collect, publish and send, until it is stopped."""
    # Until the service listens for them itself, a signal ends it with nothing begun.
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: sys.exit(0))
    from bot.operator import run as command  # noqa: PLC0415

    raise typer.Exit(command.run())


@app.command()
def collect(
    date: Annotated[str, typer.Option(help="Only this listing: YYYY-MM-DD.")] = "",
    since: Annotated[str, typer.Option(help="Every listing from this date to today.")] = "",
    from_: Annotated[
        Path | None, typer.Option("--from", help="Papers from a JSON-Lines file, not the network.")
    ] = None,
) -> None:
    """Fetch and store papers without posting, and show what is held and missing."""
    from bot.operator import collect as command  # noqa: PLC0415

    raise typer.Exit(command.run(command.Options(date, since, from_)))


@app.command()
def post(
    date: Annotated[str, typer.Option(help="This edition; else the newest one.")] = "",
    *,
    again: Annotated[bool, typer.Option("--again", help="Even if it was posted before.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show who would get what; write and send nothing.")
    ] = False,
) -> None:
    """Publish to every subscription now."""
    from bot.operator import post as command  # noqa: PLC0415

    raise typer.Exit(command.run(command.Options(date, again, dry_run)))


@app.command()
def status() -> None:
    """Show the health of the installation and the last deliveries."""
    from bot.operator import status as command  # noqa: PLC0415

    raise typer.Exit(command.run())


@database.command("upgrade")
def upgrade() -> None:
    """Bring the database to this version's schema, after a backup."""
    from bot.operator import upgrade as command  # noqa: PLC0415

    raise typer.Exit(command.run())
