from pathlib import Path

import pytest

from bot.files import UnwritableError, check_folder, write_files


def test_files_replace_the_old_ones_and_nothing_else_is_left(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    write_files(folder, {"x": b"1", "y": b"2"})
    write_files(folder, {"x": b"3"})
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == {"x": b"3", "y": b"2"}


def test_a_write_that_fails_leaves_the_old_files_whole(tmp_path: Path) -> None:
    write_files(tmp_path, {"x": b"old"})
    with pytest.raises(UnwritableError):
        write_files(tmp_path, {"x": b"new", "no/such/folder": b"2"})
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"x": b"old"}


def test_a_folder_in_the_place_of_a_file_leaves_everything_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "y").mkdir()
    with pytest.raises(UnwritableError, match="Is a directory"):
        write_files(tmp_path, {"x": b"1", "y": b"2"})
    assert {p.name for p in tmp_path.iterdir()} == {"y"}


def test_a_file_in_the_place_of_the_folder_is_noticed_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    check_folder(tmp_path / "new" / "folder")
    with pytest.raises(UnwritableError, match="not a folder"):
        check_folder(tmp_path / "file" / "out")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnwritableError, match=r"file.* cannot be written: Not a directory"):
        write_files(tmp_path / "file" / "out", {"x": b""})
