"""Where uploads and loose scans lie in the store. Invariant: an id says where its bytes are, and they never move."""

from services.chassis.ids import instant_of, new_id
from services.intake.settings import IntakeSettings


def scan_key(scan_id: str) -> str:
    """Where a scan lies that came before its letter, from its last byte on for ever: by the month its id was made."""
    return f"{IntakeSettings.FOLDER}/scans/{instant_of(scan_id):%Y/%m}/{scan_id}"


def pieces_folder(upload_id: str) -> str:
    """What the keys of an upload's pieces begin with."""
    return f"{IntakeSettings.FOLDER}/uploads/{upload_id}/"


def piece_key(upload_id: str) -> str:
    """Where the next piece goes; no two ever share a place."""
    return pieces_folder(upload_id) + new_id()
