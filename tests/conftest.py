"""What several test files stand on: synthetic papers and the way to the shared corpus."""

import gc
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import settings

from core.category import Taxonomy, default_taxonomy

# A test asserts what comes out, never how long it took.
settings.register_profile("paperround", deadline=None)
settings.load_profile("paperround")
# Where a program did not set its log up, structlog would print every variable with a traceback.
structlog.configure(
    processors=[
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)

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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    """Keep the collector from running while a failure's traceback is made.

    For it Python 3.11 parses source (``ast.parse``); an object collected meanwhile whose end raises
    has a traceback too, and one parsing inside another is "SystemError: AST constructor recursion
    depth mismatch" (CPython, Python-ast.c keeps one depth for all), which ends the whole run.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
