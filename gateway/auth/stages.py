"""What a sign-in still lacks. Invariant: nobody gets a session while something is asked for that was not shown.

However somebody proved who they are, this is asked before a session is opened. What is missing is told in a 401 with a
ticket for the next step.
"""

from gateway.auth.accounts import Account
from gateway.auth.session_rows import Via
from gateway.auth.tickets import Stage, Ticket, invalid
from gateway.context import Context
from gateway.settings import EVERYONE, GatewaySettings
from services.chassis.auth import unauthenticated
from services.chassis.errors import ServiceError

CODES: dict[Stage, tuple[str, str]] = {
    "second_factor": ("second_factor_required", "Masukkan kode dari aplikasi autentikator Anda, atau kode pemulihan."),
    "set_up_second_factor": (
        "second_factor_set_up_required",
        "Akun ini wajib memakai verifikasi dua langkah. Siapkan aplikasi autentikator Anda terlebih dahulu.",
    ),
    "new_password": ("password_change_required", "Kata sandi Anda hanya untuk sekali pakai. Buatlah kata sandi baru."),
}


def demands_second_factor(settings: GatewaySettings, account: Account) -> bool:
    """Whether this installation asks for a second factor of whoever has such roles."""
    asked = settings.second_factor_roles
    return EVERYONE in asked or not asked.isdisjoint(account.roles)


async def require_rest(context: Context, account: Account, *, second_factor: bool, by_password: bool = True) -> None:
    """401 with a ticket for what is missing.

    A one-time password is changed before a second factor is set up: whoever gave it out knows it.
    """
    via: Via = "password" if by_password else "oidc"
    if account.second_factor and not second_factor:
        raise await _missing(context, account, "second_factor", via)
    if by_password and account.must_change_password:
        raise await _missing(context, account, "new_password", via, second_factor=second_factor)
    if not (account.second_factor or second_factor) and demands_second_factor(context.settings, account):
        context.sealer.require()
        raise await _missing(context, account, "set_up_second_factor", via)


async def account_of(context: Context, ticket: Ticket) -> Account:
    """The account a ticket is for; 401 where it was changed since, by whomever."""
    account = await context.accounts.get(ticket.account_id)
    if account is None or not account.active or account.version != ticket.version:
        raise invalid()
    return account


async def _missing(
    context: Context, account: Account, stage: Stage, via: Via, *, second_factor: bool = False
) -> ServiceError:
    ticket = await context.tickets.issue(account, stage, via, second_factor=second_factor)
    error = unauthenticated(*CODES[stage])
    error.headers["Cache-Control"] = "no-store"
    error.extra = {"ticket": ticket, "expires_in": context.tickets.seconds}
    return error
