"""``paperround classify``: which category each paper of a file belongs to, and why."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.complaints import BAD, NOTHING, USEFUL, complain, report_faults
from bot.settings import BadSettingError, load_categories, load_settings
from core.classify.default import DefaultClassifier
from core.i18n import catalog
from core.sources.file import FileSource, UnreadableFileError


def run(file: Path, *, as_json: bool) -> int:
    """Run the command and give its exit code; a bad line is named on stderr."""
    try:
        settings = load_settings()
        taxonomy = load_categories(settings)
        batch = FileSource(file).read(datetime.now(UTC).date())
    except (BadSettingError, UnreadableFileError) as error:
        return complain(str(error), BAD)
    words = catalog(settings.digest_language)
    report_faults([batch.coverage()], words)
    classifier = DefaultClassifier(taxonomy)
    table = Table("id", "category", "score", "reason", box=None)
    for paper in batch.papers:
        verdict = classifier.classify(paper)
        score, reason = round(verdict.score, 3), words.text(verdict.reason)
        if as_json:
            line = {"id": paper.id, "category": verdict.category, "score": score, "reason": reason}
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        else:
            table.add_row(*map(Text, (paper.id, verdict.category, f"{score:.2f}", reason)))
    if table.row_count:
        Console().print(table)
    if not batch.papers and batch.note:
        return complain(words.text(batch.note), NOTHING)
    return USEFUL
