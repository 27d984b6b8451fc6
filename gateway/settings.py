"""What the gateway can be told. Invariant: keys and passwords are secrets here too and never print."""

from typing import Self, get_args

from pydantic import Field, SecretStr, model_validator

from gateway.auth.accounts import AccountRole
from services.chassis.settings import Settings

MEGABYTE = 1024 * 1024
DAY = 24 * 3600
EVERYONE = "everyone"


class GatewaySettings(Settings):
    """The gateway's settings; ``LONTAR_GATEWAY_...``, secrets also as ``..._FILE``.

    ``key_ring_path`` leads to the signing keys; without it they are ``signing_key`` and, while its tokens live, the one
    before it, ``former_key``.
    ``sealing_key`` (32 bytes in base64) seals what must be read again, as the secrets of second factors.
    ``operations_port`` tells health and metrics, which the door itself does not: 0 means any free one.
    ``max_sheet_bytes`` holds a spreadsheet of 5 MiB and the form around it, ``max_attachment_bytes`` a file of 25 MiB.
    """

    jwks_url: str = ""
    upstream_intake: str
    upstream_routing: str
    upstream_disposition: str
    upstream_schedule: str
    upstream_notify: str

    signing_key: SecretStr | None = None
    former_key: SecretStr | None = None
    admin_password: SecretStr | None = None
    sealing_key: SecretStr | None = None
    former_sealing_key: SecretStr | None = None
    access_token_seconds: int = Field(default=600, ge=5, le=600)
    refresh_token_seconds: int = Field(default=14 * DAY, ge=60)
    session_seconds: int = Field(default=60 * DAY, ge=60)
    refresh_grace_seconds: int = Field(default=30, ge=0, le=300)
    portal_idle_seconds: int = Field(default=3600, ge=2)
    portal_session_seconds: int = Field(default=12 * 3600, ge=2)
    sessions_per_account: int = Field(default=100, ge=1)
    cookies_without_https: bool = False
    key_ring_path: str | None = None
    require_second_factor_for: str = ""
    second_factor_tries: str = "10/hour; 40/day"
    sign_in_ticket_seconds: int = Field(default=300, ge=1)
    one_time_password_hours: float = Field(default=72, gt=0)
    argon2_memory_kib: int = Field(default=65536, ge=8)
    argon2_passes: int = Field(default=3, ge=1)
    argon2_lanes: int = Field(default=4, ge=1)

    keep_alive_seconds: int = Field(default=60, ge=1, le=3600)
    ordinary_per_second: float = Field(default=50, gt=0)
    ordinary_burst: int = Field(default=300, ge=1)
    heavy_per_second: float = Field(default=5, gt=0)
    heavy_burst: int = Field(default=60, ge=1)
    public_per_second: float = Field(default=2, gt=0)
    public_burst: int = Field(default=60, ge=1)
    sign_in_per_second: float = Field(default=5, gt=0)
    sign_in_burst: int = Field(default=100, ge=1)

    stream_per_second: float = Field(default=0.5, gt=0)
    stream_burst: int = Field(default=30, ge=1)
    streams_per_caller: int = Field(default=20, ge=1)
    streams_at_most: int = Field(default=2000, ge=1)
    limits_share_seconds: float = Field(default=1.0, gt=0)

    operations_host: str = "127.0.0.1"
    operations_port: int = Field(default=0, ge=0, le=65535)
    allowed_hosts: str = ""
    cors_origins: str = ""
    cors_credentials: bool = False
    hsts_seconds: int = Field(default=365 * DAY, ge=0)
    access_log: bool = True
    connection_requests: int = Field(default=1000, ge=1)
    status_poll_seconds: float = Field(default=5, gt=0)

    max_upload_bytes: int = Field(default=50 * MEGABYTE, ge=1)
    max_resumable_bytes: int = Field(default=256 * MEGABYTE, ge=1)
    max_sheet_bytes: int = Field(default=6 * MEGABYTE, ge=1)
    max_attachment_bytes: int = Field(default=26 * MEGABYTE, ge=1)
    connect_timeout_seconds: float = Field(default=3, gt=0)
    answer_timeout_seconds: float = Field(default=30, gt=0)
    heavy_answer_timeout_seconds: float = Field(default=120, gt=0)
    read_timeout_seconds: float = Field(default=60, gt=0)
    client_idle_seconds: float = Field(default=60, gt=0)
    upstream_concurrency: int = Field(default=256, ge=1)
    upstream_places_per_caller: int = Field(default=32, ge=1)
    breaker_failures: int = Field(default=5, ge=1)
    breaker_open_seconds: float = Field(default=10, gt=0)
    probe_seconds: float = Field(default=1, gt=0)
    cache_bytes: int = Field(default=16 * MEGABYTE, ge=0)

    public_url: str = ""
    oidc_providers: str = ""
    oidc_app_redirects: str = ""

    key_environment: str = Field(default="live", pattern=r"^[a-z0-9]{1,12}$")
    client_memory_seconds: float = Field(default=1, gt=0, le=10)
    usage_flush_seconds: float = Field(default=5, gt=0)
    webhook_private: bool = False
    webhook_ca: str | None = None
    webhook_seconds: float = Field(default=10, gt=0, le=60)

    def instances(self, service: str) -> tuple[str, ...]:
        """The base URLs of a service, given with commas; each without a slash at the end."""
        given = str(getattr(self, f"upstream_{service}"))
        return tuple(dict.fromkeys(url.strip().rstrip("/") for url in given.split(",") if url.strip()))

    @property
    def second_factor_roles(self) -> frozenset[str]:
        """Whoever has one of these account roles must have a second factor; ``everyone`` may be among them."""
        return frozenset(role.strip() for role in self.require_second_factor_for.split(",")) - {""}

    @model_validator(mode="after")
    def _second_factor_can_be_had(self) -> Self:  # noqa: N804 - runs on the built settings
        """A role that is misspelt would ask nobody, and without a key to seal with nobody could do what is asked."""
        unknown = self.second_factor_roles - {EVERYONE, *get_args(AccountRole)}
        if unknown:
            raise ValueError(f"require_second_factor_for: there is no role {', '.join(sorted(unknown))}")
        if self.second_factor_roles and self.sealing_key is None:
            raise ValueError("require_second_factor_for needs sealing_key")
        return self
