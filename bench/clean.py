"""What cleaning the corpus costs and leaves: ``python -m bench.clean [FILE ...]``."""

import json
import re
import sys
import time
from pathlib import Path

from core.clean import clean

_CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
_ASIDE = re.compile(
    r"\$[^$]*\$|\\[(\[].*?\\[)\]]|\\(?:href|textcolor)\s*\{[^{}]*\}|\\[A-Za-z]+"
    r"|\w*\\[\"'`^~=.](?:\{[^{}]*\})?\w*",
    re.DOTALL,
)


def _lost(source: str, text: str) -> int:
    """How many words of four letters, outside mathematics and commands, are gone."""
    kept = text.replace(" ", "")
    return sum(word not in kept for word in re.findall(r"[A-Za-z]{4,}", _ASIDE.sub(" ", source)))


def main(paths: list[Path]) -> None:
    """Print one line a file; the first one pays for the lazy import."""
    print(f"{'file':<18}{'papers':>7}{'latex':>7}{'commands':>9}{'dollars':>8}{'lost':>6}{'s':>8}")
    for path in paths:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        sources = [row[field] for row in rows for field in ("title", "abstract")]
        start = time.perf_counter()
        texts = [clean(source).text for source in sources]
        seconds = time.perf_counter() - start
        latex = sum("\\" in source or "$" in source for source in sources)
        commands = sum(len(re.findall(r"\\", text)) for text in texts)
        dollars = sum(len(re.findall(r"\$(?!\s?\d)", text)) for text in texts)
        lost = sum(map(_lost, sources, texts))
        counts = f"{len(rows):>7}{latex:>7}{commands:>9}{dollars:>8}{lost:>6}{seconds:>8.3f}"
        print(f"{path.name:<18}{counts}")


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]] or sorted(_CORPUS.glob("*.jsonl")))
