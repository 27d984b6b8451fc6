"""What a client may ask to be true before its act (``If-Match``). Invariant: an act on an unseen state is refused."""

from services.chassis.errors import ServiceError


def check_version(present: int, seen: int | None) -> None:
    """412 where the client has seen another version than the present one."""
    if seen is not None and seen != present:
        raise ServiceError(
            412, "changed_meanwhile", "Data ini sudah berubah sejak Anda membukanya.", extra={"version": present}
        )
