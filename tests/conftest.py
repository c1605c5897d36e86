"""What several test files stand on: synthetic papers and the way to the shared corpus."""

from pathlib import Path

import pytest
from hypothesis import settings

from core.category import Taxonomy, default_taxonomy

# A test asserts what comes out, never how long it took.
settings.register_profile("paperround", deadline=None)
settings.load_profile("paperround")

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture
def corpus() -> list[Path]:
    """The real arXiv days, oldest first; skips where they are not beside the project."""
    days = sorted((SHARED / "corpus").glob("*.jsonl"))
    if not days:
        pytest.skip("the real arXiv days of ../shared/corpus are not beside the project")
    return days


@pytest.fixture
def taxonomy() -> Taxonomy:
    return default_taxonomy()
