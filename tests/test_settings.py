import re
from pathlib import Path

import pytest

from bot.settings import BadSettingError, Settings, load_categories, load_settings

EXAMPLE = Path(__file__).parents[1] / ".env.example"


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def example() -> dict[str, str]:
    return dict(re.findall(r"^#([A-Z_]+)=(.*)$", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE))


def test_every_setting_stands_in_the_example_and_nothing_else() -> None:
    assert set(example()) == {name.upper() for name in Settings.model_fields}


def test_the_example_s_values_are_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    defaults = load_settings()
    for name, value in example().items():
        monkeypatch.setenv(name, value)
    assert load_settings() == defaults


def test_a_file_named_env_is_read_and_the_environment_wins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("DIGEST_LANGUAGE=en\nPAPERS_PER_CATEGORY=3\n")
    monkeypatch.setenv("PAPERS_PER_CATEGORY", "4")
    settings = load_settings()
    assert (settings.digest_language, settings.papers_per_category) == ("en", 4)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DATABASE_URL", "mysql://x", "must begin with sqlite+aiosqlite://"),
        ("DIGEST_TIME", "11", "it looks like 11:00"),
        ("DIGEST_TIME", "25:00", "it looks like 11:00"),
        ("LOG_LEVEL", "loud", "must be 'DEBUG'"),
        ("CATCH_UP_HOURS", "-1", "must be at least 0"),
        ("DIGEST_LANGUAGE", "xx", "there are: en, ja, ko, zh"),
        ("DIGEST_TIMEZONE", "Seoul", "Europe/Paris"),
        ("DIGEST_TIMEZONE", "../etc/passwd", "Europe/Paris"),
        ("CATEGORIES_PER_POST", "0", "must be at least 1"),
        ("PAPERS_PER_CATEGORY", "many", "must be a whole number"),
        ("SOURCES", "arxiv,twitter", "no source 'twitter'"),
        ("SOURCES", ",", "needs at least one"),
        ("ARXIV_CATEGORIES", "cs.CV) OR (all:x", "no arXiv category"),
        ("ARXIV_DELAY_SECONDS", "-1", "must be at least 0"),
        ("OPENAI_TIMEOUT_SECONDS", "2", "must be at least 5"),
        ("OPENAI_TIMEOUT_SECONDS", "3600", "must be at most 600"),
        ("ARXIV_API_URL", "export.arxiv.org", "must be an address"),
        ("WEB_PORT", "http", "must be a whole number"),
        ("WEB_PORT", "70000", "must be at most 65535"),
        ("TELEGRAM_WEBHOOK_URL", "papers.example.org", "must be an address"),
        ("TELEGRAM_WEBHOOK_URL", "http://papers.example.org/t", "must begin with https://"),
        ("TELEGRAM_WEBHOOK_URL", "https://papers.example.org:8080/t", "443, 80, 88, 8443"),
        ("TELEGRAM_WEBHOOK_URL", "https://papers.example.org/t?x=1", "a host and a path"),
        ("TELEGRAM_WEBHOOK_URL", "https://me:you@papers.example.org/t", "a host and a path"),
        ("TELEGRAM_WEBHOOK_URL", "https://papers.example.org/healthz", "cannot be /healthz"),
        ("TELEGRAM_WEBHOOK_URL", "https://papers.example.org/t", "needs WEB_PORT"),
    ],
)
def test_a_bad_value_is_one_line_that_names_the_setting(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSettingError) as caught:
        load_settings()
    assert str(caught.value).startswith(f"{name}: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b'DIGEST_LANGUAGE="en\nPAPERS_PER_CATEGORY=3\n', "line 1"), (b"\xff\xfe", "not UTF-8")],
)
def test_a_broken_env_file_is_named_and_not_passed_over(
    tmp_path: Path, content: bytes, said: str
) -> None:
    (tmp_path / ".env").write_bytes(content)
    with pytest.raises(BadSettingError, match=said):
        load_settings()


def test_a_category_to_post_must_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGEST_CATEGORIES", "cv,nothing")
    with pytest.raises(BadSettingError, match="DIGEST_CATEGORIES: no category 'nothing'"):
        load_categories(load_settings())


def test_the_operator_s_own_taxonomy_is_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "mine.toml").write_text('[music]\nname = "Music"\n')
    monkeypatch.setenv("CATEGORIES_FILE", "mine.toml")
    assert load_categories(load_settings()).slugs == ("music", "other")
    monkeypatch.setenv("CATEGORIES_FILE", "gone.toml")
    with pytest.raises(BadSettingError, match="CATEGORIES_FILE: gone.toml"):
        load_categories(load_settings())


def test_a_secret_may_stand_in_a_file_and_is_never_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "token").write_text("123:kept-dark\n")
    monkeypatch.setenv("TELEGRAM_TOKEN_FILE", str(tmp_path / "token"))
    monkeypatch.setenv("DISCORD_TOKEN", "hush")
    settings = load_settings()
    assert settings.telegram_token.get_secret_value() == "123:kept-dark"
    assert "kept-dark" not in repr(settings)
    assert "hush" not in repr(settings)


def test_a_file_without_its_secret_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN_FILE", "gone")
    with pytest.raises(BadSettingError, match="DISCORD_TOKEN_FILE: gone cannot be read: No such"):
        load_settings()


def test_a_telegram_of_ones_own_brings_updates_to_any_address(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:8081")
    monkeypatch.setenv("TELEGRAM_WEBHOOK_URL", "http://127.0.0.1:9000/updates")
    assert load_settings().listening_port == 9000
    monkeypatch.setenv("WEB_PORT", "9001")
    assert load_settings().listening_port == 9001
