"""What is needed to reach the CRM."""

from dataclasses import dataclass, field

from consultame.settings import Settings


@dataclass(frozen=True)
class Connection:
    """Addresses, account and patience. The secret is not shown when this is printed."""

    url: str
    authority: str
    tenant: str
    client_id: str
    client_secret: str = field(repr=False)
    # Seconds: for one request, for all of a look-up with its retries, and of peace after failures.
    timeout: float
    patience: float
    pause: float


def connection_of(settings: Settings) -> Connection:
    """The connection that the settings give; they are complete where `dataverse` is chosen."""
    secret = settings.dataverse_client_secret
    return Connection(
        url=settings.dataverse_url,
        authority=settings.dataverse_authority,
        tenant=settings.dataverse_tenant,
        client_id=settings.dataverse_client_id,
        client_secret=secret.get_secret_value() if secret else "",
        timeout=settings.dataverse_timeout_seconds,
        patience=settings.dataverse_patience_seconds,
        pause=settings.dataverse_pause_seconds,
    )
