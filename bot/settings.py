"""Settings from the environment and ``.env``; their names are a contract (docs/settings.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class SettingsError(ValueError):
    """A setting is missing or contradictory; the message is one line that says what to set."""


Secrets = Annotated[tuple[str, ...], NoDecode]


class HookSecrets(BaseModel):
    """One or several secrets a door, comma-separated; several while one replaces another. None = the door is shut."""

    events: Secrets = ()
    litellm: Secrets = ()
    otlp: Secrets = ()
    github: Secrets = ()
    jira: Secrets = ()
    linear: Secrets = ()

    @field_validator("*", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(part for part in (piece.strip() for piece in value.split(",")) if part)


class PullSettings(BaseModel):
    """Where ``bandstand pull`` asks, and with what. ``github_hook``: ``orgs/acme/hooks/1`` or ``repos/o/r/hooks/1``."""

    litellm_url: str = ""
    litellm_key: str = Field("", repr=False)
    anthropic_url: str = "https://api.anthropic.com"
    anthropic_admin_key: str = Field("", repr=False)
    github_url: str = "https://api.github.com"
    github_token: str = Field("", repr=False)
    github_hook: str = ""


class Settings(BaseSettings):
    """How this installation runs. ``SLACK_APP_TOKEN`` chooses Socket Mode, its absence HTTP."""

    model_config = SettingsConfigDict(
        env_file=".env", env_nested_delimiter="__", extra="ignore", frozen=True, env_ignore_empty=True
    )

    database_url: str = Field("sqlite+aiosqlite:///bandstand.db", validation_alias="BANDSTAND_DATABASE_URL")
    program: Path = Field(Path("program.toml"), validation_alias="BANDSTAND_PROGRAM")
    host: str = Field("127.0.0.1", validation_alias="BANDSTAND_HOST")
    port: int = Field(8080, ge=0, le=65535, validation_alias="BANDSTAND_PORT")
    public_url: str = Field("", validation_alias="BANDSTAND_PUBLIC_URL")
    hook_secrets: HookSecrets = Field(HookSecrets(), validation_alias="BANDSTAND_HOOK_SECRETS", repr=False)
    pull: PullSettings = Field(PullSettings(), validation_alias="BANDSTAND_PULL")
    slack_bot_token: str = Field("", validation_alias="SLACK_BOT_TOKEN", repr=False)
    slack_signing_secret: str = Field("", validation_alias="SLACK_SIGNING_SECRET", repr=False)
    slack_app_token: str = Field("", validation_alias="SLACK_APP_TOKEN", repr=False)
    slack_command: str = Field("/bandstand", pattern=r"^/[a-z0-9_-]{1,31}$", validation_alias="BANDSTAND_SLACK_COMMAND")
    slack_charts: bool = Field(True, validation_alias="BANDSTAND_SLACK_CHARTS")
    slack_api_url: str = Field("https://slack.com/api/", validation_alias="SLACK_API_URL")

    @field_validator("public_url")
    @classmethod
    def _address(cls, value: str) -> str:
        address = urlsplit(value)
        is_plain = not (address.query or address.fragment or address.username) and value.isprintable()
        if value and not (address.scheme in ("http", "https") and address.hostname and is_plain and " " not in value):
            raise ValueError("write the address as senders reach it, like https://bandstand.example.com")
        return value.rstrip("/")

    @property
    def has_slack(self) -> bool:
        return bool(self.slack_bot_token)

    @property
    def uses_socket_mode(self) -> bool:
        return bool(self.slack_app_token)


def load_settings() -> Settings:
    """The settings of this process. Raises ``SettingsError``."""
    try:
        return Settings()
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        setting = "__".join(str(part) for part in fault["loc"])
        raise SettingsError(f"{setting}: {fault['msg'].removeprefix('Value error, ')}") from error


def require_slack(settings: Settings) -> None:
    """Raises ``SettingsError`` unless the settings say how to talk with Slack."""
    if not settings.slack_bot_token:
        raise SettingsError("set SLACK_BOT_TOKEN (xoxb-…), or start with --no-slack to take events alone")
    if not settings.slack_app_token and not settings.slack_signing_secret:
        raise SettingsError("set SLACK_APP_TOKEN (xapp-…, Socket Mode) or SLACK_SIGNING_SECRET (HTTP)")
    if settings.slack_app_token and not settings.slack_app_token.startswith("xapp-"):
        raise SettingsError("SLACK_APP_TOKEN is an app-level token and starts with xapp-")
    if not settings.slack_api_url.startswith(("http://", "https://")):
        raise SettingsError("SLACK_API_URL is an address like https://slack.com/api/")


def require_hooks(settings: Settings) -> None:
    """Raises ``SettingsError`` unless at least one door has a secret."""
    secrets = settings.hook_secrets
    if not (secrets.events or secrets.litellm or secrets.otlp or secrets.github):
        raise SettingsError("set a secret for at least one door, e.g. BANDSTAND_HOOK_SECRETS__EVENTS=whsec_…")
