"""Codes of an authenticator app: TOTP (RFC 6238), six digits, thirty seconds. Invariant: a code names its time step.

The step is what makes a code usable once: whoever keeps the last one used refuses it and all before it. One step to
either side is taken, for clocks that differ and people who type slowly (section 5.2).
"""

import re

import pyotp
from pyotp.utils import strings_equal

from services.chassis.clock import now

DRIFT = 1
ISSUER = "Lontar"
_CODE = re.compile(r"\d{6}")


def fresh_secret() -> str:
    """160 random bits in base32, as RFC 4226, section 4 asks for."""
    return pyotp.random_base32()


def otpauth_uri(secret: str, username: str) -> str:
    """What an authenticator app reads off the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)


def step_of(secret: str, code: str, after: int) -> int | None:
    """The time step ``code`` belongs to, if it is a near one later than ``after``; every candidate is compared."""
    if not _CODE.fullmatch(code):
        return None
    totp = pyotp.TOTP(secret)
    present = int(now().timestamp()) // totp.interval
    near = range(present - DRIFT, present + DRIFT + 1)
    fitting = [step for step in near if strings_equal(totp.generate_otp(step), code)]
    return next((step for step in fitting if step > after), None)
