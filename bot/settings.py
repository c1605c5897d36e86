"""Settings: one frozen object from the environment and ``.env``."""

import re
from datetime import time
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from dotenv.parser import parse_stream
from pydantic import (
    AnyHttpUrl,
    AnyWebsocketUrl,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from core.category import BadTaxonomyError, Taxonomy, default_taxonomy, load_taxonomy
from core.i18n import catalog
from core.sources import KINDS

_SOURCES = tuple(KINDS)
_SECRETS = ("discord_token", "telegram_token", "openai_api_key")
_DATABASES = ("sqlite+aiosqlite://",)
# core.telegram.org/bots/api#setwebhook
_WEBHOOK_PORTS = (443, 80, 88, 8443)
_TELEGRAM = "api.telegram.org"
# Where the web server says that it is well.
HEALTH = "/healthz"


class BadSettingError(ValueError):
    """A setting with a value that cannot be used; the message is one line that names it."""


def _listed(value: object) -> object:
    """``a, b`` as a tuple, the way lists are written in an environment."""
    if isinstance(value, str):
        return tuple(item.strip() for item in value.split(",") if item.strip())
    return value


def _secret_in(name: str, path: object) -> str:
    """The secret that a file holds. Raises BadSettingError."""
    try:
        return Path(str(path)).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise BadSettingError(f"{name.upper()}_FILE: {path} cannot be read: {said}") from None


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]


class Settings(BaseSettings):
    """Everything an operator can set, with its default; the same names stand in .env.example."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    discord_token: SecretStr = SecretStr("")
    discord_token_file: Path | None = None
    telegram_token: SecretStr = SecretStr("")
    telegram_token_file: Path | None = None
    database_url: str = "sqlite+aiosqlite:///paperround.db"
    digest_time: time = time(11)
    digest_timezone: str = "Asia/Seoul"
    digest_language: str = "ko"
    digest_wait_minutes: int = Field(default=60, ge=0, le=24 * 60)
    catch_up_hours: int = Field(default=12, ge=0, le=7 * 24)
    digest_categories: Names = ()
    categories_per_post: int = Field(default=8, ge=1, le=50)
    papers_per_category: int = Field(default=5, ge=1, le=20)
    categories_file: Path | None = None
    sources: Names = _SOURCES
    arxiv_categories: Names = tuple(
        "cs.AI cs.CL cs.CV cs.LG cs.RO cs.IR cs.SD eess.AS stat.ML cs.NE cs.MA cs.CR".split()
    )
    arxiv_delay_seconds: float = Field(default=3.0, ge=0, le=60)
    arxiv_api_url: AnyHttpUrl = AnyHttpUrl("https://export.arxiv.org/api/query")
    arxiv_feed_url: AnyHttpUrl = AnyHttpUrl("https://rss.arxiv.org")
    huggingface_url: AnyHttpUrl = AnyHttpUrl("https://huggingface.co")
    deeplearn_url: AnyHttpUrl = AnyHttpUrl("https://deeplearn.org")
    discord_shard_count: int | None = Field(default=None, ge=1, le=16_000)
    discord_crosspost: Literal["no", "yes"] = "no"
    discord_rate: float = Field(default=45, gt=0, le=50)
    telegram_rate: float = Field(default=25, gt=0, le=30)
    telegram_after_crash: Literal["resend", "skip"] = "resend"
    web_port: int | None = Field(default=None, ge=1, le=65535)
    telegram_api_url: AnyHttpUrl = AnyHttpUrl(f"https://{_TELEGRAM}")
    telegram_webhook_url: AnyHttpUrl | None = None
    discord_api_url: AnyHttpUrl = AnyHttpUrl("https://discord.com/api/v10")
    discord_gateway_url: AnyWebsocketUrl = AnyWebsocketUrl("wss://gateway.discord.gg/")
    openai_api_key: SecretStr = SecretStr("")
    openai_api_key_file: Path | None = None
    openai_base_url: AnyHttpUrl = AnyHttpUrl("https://api.openai.com/v1")
    openai_model: str = "gpt-4.1-mini"
    openai_daily_tokens: int = Field(default=0, ge=0)
    openai_timeout_seconds: float = Field(default=60, ge=5, le=600)
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @model_validator(mode="before")
    @classmethod
    def _from_files(cls, given: dict[str, object]) -> dict[str, object]:
        return given | {
            name: _secret_in(name, path) for name in _SECRETS if (path := given.get(f"{name}_file"))
        }

    @field_validator(*_SECRETS)
    @classmethod
    def _is_one_word(cls, value: SecretStr) -> SecretStr:
        token = value.get_secret_value().strip()
        if any(map(str.isspace, token)) or not token.isascii():
            raise ValueError("is no token: it has a space or a line break in it")
        return SecretStr(token)

    @field_validator("database_url")
    @classmethod
    def _is_ours(cls, value: str) -> str:
        value = value.strip()
        if not value.startswith(_DATABASES):
            raise ValueError(f"must begin with {' or '.join(_DATABASES)}")
        return value

    @field_validator("digest_time", mode="before")
    @classmethod
    def _is_a_time(cls, value: object) -> object:
        # pydantic would take "11" for eleven seconds past midnight.
        if isinstance(value, str) and not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", value):
            raise ValueError(f"{value!r} is no time; it looks like 11:00")
        return value

    @field_validator("telegram_webhook_url")
    @classmethod
    def _is_reachable(cls, value: AnyHttpUrl | None, info: ValidationInfo) -> AnyHttpUrl | None:
        if value is None:
            return None
        # A Bot API server of one's own takes any address ("Using a Local Bot API Server").
        official = getattr(info.data.get("telegram_api_url"), "host", _TELEGRAM) == _TELEGRAM
        if official and (value.scheme != "https" or value.port not in _WEBHOOK_PORTS):
            ports = ", ".join(map(str, _WEBHOOK_PORTS))
            raise ValueError(f"must begin with https:// and have one of the ports {ports}")
        if value.query or value.fragment or value.username or value.password:
            raise ValueError("must be a host and a path, nothing else")
        if value.path == HEALTH:
            raise ValueError(f"cannot be {HEALTH}, where the service says that it is well")
        if info.data.get("web_port", 0) is None and value.scheme == "https":
            raise ValueError("needs WEB_PORT, where the service itself listens")
        return value

    @field_validator("digest_language")
    @classmethod
    def _is_spoken(cls, value: str) -> str:
        return catalog(value).language

    @field_validator("digest_timezone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        try:
            return ZoneInfo(value).key
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"no time zone {value!r}; it looks like Europe/Paris") from error

    @field_validator("sources")
    @classmethod
    def _are_known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := [name for name in value if name not in _SOURCES]:
            raise ValueError(f"no source {unknown[0]!r}; there are: {', '.join(_SOURCES)}")
        if not value:
            raise ValueError(f"needs at least one of: {', '.join(_SOURCES)}")
        return value

    @field_validator("arxiv_categories")
    @classmethod
    def _are_codes(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for code in value:
            if not code.replace(".", "").replace("-", "").isalnum():
                raise ValueError(f"{code!r} is no arXiv category; it looks like cs.CV")
        if not value:
            raise ValueError("needs at least one arXiv category, like cs.CV")
        return value

    @property
    def listening_port(self) -> int | None:
        """Where the service itself listens; without WEB_PORT where an http webhook is."""
        hook = self.telegram_webhook_url
        return self.web_port or (hook.port if hook and hook.scheme == "http" else None)


def load_settings() -> Settings:
    """The settings of this process. Raises BadSettingError."""
    try:
        _check_env_file(Path(".env"))
        return Settings()
    except ValidationError as error:
        raise BadSettingError("; ".join(map(_in_words, error.errors()))) from None
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise BadSettingError(f".env cannot be read: {said}") from None


def load_categories(settings: Settings) -> Taxonomy:
    """The operator's taxonomy, or the one that comes along. Raises BadSettingError."""
    try:
        path = settings.categories_file
        taxonomy = load_taxonomy(path) if path else default_taxonomy()
    except BadTaxonomyError as error:
        raise BadSettingError(f"CATEGORIES_FILE: {error}") from None
    for slug in settings.digest_categories:
        if slug not in taxonomy.slugs:
            known = ", ".join(taxonomy.slugs)
            raise BadSettingError(f"DIGEST_CATEGORIES: no category {slug!r}; there are: {known}")
    return taxonomy


def _check_env_file(path: Path) -> None:
    """Raise BadSettingError for a line that would be left out without a word."""
    if not path.exists():
        return
    with path.open(encoding="utf-8") as lines:
        for binding in parse_stream(lines):
            if binding.error:
                raise BadSettingError(f".env: line {binding.original.line} cannot be understood")


_WORDS = {
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number",
    "finite_number": "must be a number",
    "greater_than_equal": "must be at least {ge}",
    "greater_than": "must be more than {gt}",
    "less_than_equal": "must be at most {le}",
    "literal_error": "must be {expected}",
    "url_parsing": "must be an address such as https://example.org",
    "url_scheme": "must be an address such as https://example.org",
}


def _in_words(error: ErrorDetails) -> str:
    """One validation error as ``NAME: what is wrong``; the value is not repeated (secrets)."""
    name = "_".join(str(part) for part in error["loc"]).upper() or "settings"
    said = _WORDS.get(error["type"], error["msg"].removeprefix("Value error, "))
    return f"{name}: {said.format_map(error.get('ctx', {}))}"
