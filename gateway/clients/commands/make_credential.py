"""Making keys and secrets, and taking them away. Invariant: what is shown once is kept nowhere, not even for a repeat.

A repeat under the same idempotency key gets the first answer without what it showed: whoever lost it revokes it and
makes another.
"""

from datetime import datetime, timedelta

from gateway.clients.client import Client
from gateway.clients.commands.acting import By, record, the_client
from gateway.clients.credential_models import CredentialView, MadeKey, MadeSecret, NewKey, NewSecret
from gateway.clients.credentials import Credential
from gateway.clients.key_text import KeyKind, make_key
from gateway.clients.key_text import MadeKey as MadeText
from gateway.context import Context
from services.chassis.clock import now
from services.chassis.errors import conflict, not_found, unprocessable
from services.chassis.idempotency import fingerprint
from services.chassis.ids import new_id
from services.chassis.mongo import Document
from services.chassis.uow import Transaction

LONGEST = timedelta(days=365)
MOST_WORKING = 20
"""Keys of an app that work at the same time; secrets, where each replaces those before it, hardly reach it."""


async def make_api_key(context: Context, by: By, client_id: str, wanted: NewKey) -> MadeKey:
    """A key; ``grants`` beyond the app's own are refused."""
    view, text = await _make(context, by, client_id, "key", wanted, None)
    return MadeKey(**view.model_dump(), key=text)


async def make_secret(context: Context, by: By, client_id: str, wanted: NewSecret) -> MadeSecret:
    """A secret; those before it end after the overlap, or sooner where they would anyway."""
    view, text = await _make(context, by, client_id, "secret", wanted, timedelta(hours=wanted.overlap_hours))
    return MadeSecret(**view.model_dump(), client_secret=text)


async def revoke_credential(context: Context, by: By, client_id: str, credential_id: str, kind: KeyKind) -> None:
    """It opens nothing any more; again it changes nothing."""

    async def work(tx: Transaction) -> None:
        await the_client(context, client_id, tx.session)
        credential = await context.apps.credentials.get(credential_id, tx.session)
        if credential is None or (credential.client_id, credential.kind) != (client_id, kind):
            raise not_found("Kunci")
        if credential.revoked_at:
            return
        await context.apps.credentials.revoke(credential_id, tx.now, tx.session)
        details = {kind: credential_id, "label": credential.label}
        await record(context, by, f"client.{kind}_revoked", client_id, details, tx.session)

    try:
        await context.uow.run(work)
    finally:
        context.apps.standings.forget(client_id)


async def list_credentials(context: Context, client_id: str, kind: KeyKind) -> list[CredentialView]:
    """An app's keys or secrets, newest first."""
    await the_client(context, client_id)
    at = now()
    return [view_of(one, at) for one in await context.apps.credentials.of_client(client_id, kind)]


def view_of(credential: Credential, at: datetime) -> CredentialView:
    """What may be shown of it."""
    state = "revoked" if credential.revoked_at else "working" if credential.works(at) else "expired"
    return CredentialView.model_validate({**credential.model_dump(), "state": state})


async def _make(
    context: Context,
    by: By,
    client_id: str,
    kind: KeyKind,
    wanted: NewKey | NewSecret,
    overlap: timedelta | None,
) -> tuple[CredentialView, str | None]:
    made = make_key(kind, context.settings.key_environment, new_id())

    async def act(tx: Transaction) -> Document:
        client = await the_client(context, client_id, tx.session)
        credential = _credential(client, made, kind, wanted, tx.now)
        former = await context.apps.credentials.of_client(client_id, kind, tx.session)
        working = [one for one in former if one.works(tx.now)]
        if len(working) >= MOST_WORKING:
            raise conflict("too_many_keys", f"Aplikasi ini sudah memiliki {MOST_WORKING} kunci yang berlaku.")
        for one in working if overlap is not None else ():
            end = tx.now + (overlap or timedelta())
            if end < one.expires_at:
                await context.apps.credentials.end_by(one.id, end, tx.session)
        await context.apps.credentials.add(credential, tx.session)
        details = {kind: credential.id, "label": credential.label, "expires_at": credential.expires_at.isoformat()}
        await record(context, by, f"client.{kind}_made", client_id, details, tx.session)
        return view_of(credential, tx.now).model_dump(mode="json")

    request = fingerprint(kind, client_id, wanted.model_dump(mode="json", exclude_unset=True))
    answer, repeated = await context.acts.run(by.caller.person_id, by.key, request, act)
    context.apps.standings.forget(client_id)
    return CredentialView.model_validate(answer), None if repeated else made.text


def _credential(client: Client, made: MadeText, kind: KeyKind, wanted: NewKey | NewSecret, at: datetime) -> Credential:
    """What is kept of it; judged within the act, so that a repeat gets its answer though the app has changed."""
    grants = wanted.grants if isinstance(wanted, NewKey) else None
    beyond = sorted(set(grants or ()) - set(client.grants))
    if beyond:
        raise unprocessable(
            "grants_beyond_client", "Kunci tidak boleh diberi hak yang tidak dimiliki aplikasinya.", grants=beyond
        )
    return Credential(
        id=made.id,
        client_id=client.id,
        kind=kind,
        label=wanted.label,
        hint=made.hint,
        digest=made.digest,
        grants=None if grants is None else tuple(grants),
        created_at=at,
        expires_at=_until(wanted.expires_at, at),
    )


def _until(wanted: datetime | None, at: datetime) -> datetime:
    latest = at + LONGEST
    if wanted is None:
        return latest
    if not at < wanted <= latest:
        detail = "Masa berlaku harus setelah saat ini dan paling lama satu tahun."
        raise unprocessable("bad_expiry", detail, field="expires_at")
    return wanted
