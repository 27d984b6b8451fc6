"""The ring of signing keys, as a file keeps it. Invariant: a key is published before it signs and after it has signed.

A new key waits (``signs_from``) until everybody who verifies has fetched it; the one before stays published (``until``)
until its last token has expired. All times are in the one file, which is replaced whole, so that a rotation cannot stop
half-way and all gateways that read the file change keys at the same moment.
"""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal

from joserfc.jwk import OKPKey
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, SecretStr

CURVE: Final = "Ed25519"
LONGEST_TOKEN = timedelta(seconds=600)
LATE = timedelta(seconds=60)
"""What clocks of several machines may differ, and verifiers allow for."""
State = Literal["next", "present", "former"]


class StillWaiting(Exception):
    """A new key waits already for its time."""


class StoredKey(BaseModel):
    """A private key in PEM with its times."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    pem: SecretStr
    signs_from: AwareDatetime
    until: AwareDatetime | None = None

    @property
    def key(self) -> OKPKey:
        """The key itself."""
        return read_key(self.pem.get_secret_value())


class Ring(BaseModel):
    """The keys, in the order in which they sign."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    keys: tuple[StoredKey, ...] = Field(min_length=1)

    @classmethod
    def of(cls, pem: str, at: datetime) -> "Ring":
        """A ring of one key, which signs from now on."""
        return cls(keys=(StoredKey(pem=SecretStr(pem), signs_from=at),))

    def state_of(self, one: StoredKey, at: datetime) -> State:
        """What a key is for at a moment."""
        if one.signs_from > at:
            return "next"
        return "present" if one == self.present(at) else "former"

    def present(self, at: datetime) -> StoredKey:
        """The key that signs: the last whose time has come, by a slow clock the first."""
        begun = [one for one in self.keys if one.signs_from <= at]
        return max(begun, key=_begins) if begun else min(self.keys, key=_begins)

    def published(self, at: datetime) -> list[StoredKey]:
        """The keys whose tokens are good, or soon will be."""
        return [one for one in self.keys if one.until is None or one.until > at]

    def rotated(self, pem: str, at: datetime, lead: timedelta) -> "Ring":
        """The ring with a new key that signs after ``lead``; StillWaiting where one waits already."""
        if any(one.signs_from > at for one in self.keys):
            raise StillWaiting
        begins = at + lead
        retired = {"until": begins + LONGEST_TOKEN + LATE}
        kept = [one if one.until else one.model_copy(update=retired) for one in self.published(at)]
        return Ring(keys=(*kept, StoredKey(pem=SecretStr(pem), signs_from=begins)))

    def dumped(self) -> str:
        """The file's content: private keys, readable by their owner alone wherever it is put."""
        rows = [
            {
                "pem": one.pem.get_secret_value(),
                "signs_from": one.signs_from.isoformat(),
                "until": one.until.isoformat() if one.until else None,
            }
            for one in self.keys
        ]
        return json.dumps({"keys": rows}, indent=1) + "\n"


def _begins(one: StoredKey) -> datetime:
    return one.signs_from


def read_ring(path: Path) -> Ring:
    """The ring in a file; OSError or ValueError where there is none that could sign."""
    ring = Ring.model_validate_json(path.read_text(encoding="utf-8"))
    require_private(one.key for one in ring.keys)
    return ring


def read_key(pem: str) -> OKPKey:
    """A key in PEM; ValueError for any but Ed25519."""
    key = OKPKey.import_key(pem.strip() + "\n")
    if key.curve_name != CURVE:
        raise ValueError(f"the key is for {key.curve_name}, not {CURVE}")
    return key


def require_private(keys: Iterable[OKPKey]) -> None:
    """ValueError for a key that cannot sign."""
    if not all(key.is_private for key in keys):
        raise ValueError("the signing key is not a private key")


def fresh_pem() -> str:
    """A new private key."""
    return OKPKey.generate_key(CURVE).as_pem(private=True).decode()
