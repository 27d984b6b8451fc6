"""An upload that may be continued. Invariant: its offset is exactly what its parts and pieces in the store hold.

Bytes are kept as *pieces* while they are few, each an object of its own, and the pieces become a *part* of the final
object once they are long enough for one. Nothing that was counted is ever put again by the client.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

State = Literal["arriving", "checking", "ready", "refused", "ended"]
"""``checking``: all of it is here and is being judged. ``ended``: given up, and about to be forgotten."""
MEDIA_TYPE = "application/octet-stream"
"""What the object is put as: what it is, nobody knows before it is whole."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Piece(_Frozen):
    """Bytes that are no part yet."""

    key: str
    size: int


class Part(_Frozen):
    """A part of the final object. Numbers rise and may leave gaps: one that was put in vain is not used again."""

    number: int
    tag: str
    size: int


class Reason(_Frozen):
    """Why an upload was refused, as the problem document says it."""

    status: int
    code: str
    detail: str


class Upload(_Frozen):
    """What is known of an upload between two requests, so that any process can go on with it."""

    id: str
    person_id: str
    unit_id: str
    position_id: str
    name: str
    metadata: str = ""
    """``Upload-Metadata`` as it was given, for HEAD to repeat."""
    length: int
    offset: int = 0
    state: State = "arriving"
    reason: Reason | None = None
    key: str
    begun: str | None = None
    """What its parts are put with, once there are any."""
    parts: tuple[Part, ...] = ()
    pieces: tuple[Piece, ...] = ()
    numbers: int = 0
    """The highest part number ever taken, used or not."""
    joined: bool = False
    attempts: int = 0
    created_at: AwareDatetime
    expires_at: AwareDatetime

    @property
    def whole(self) -> bool:
        """Whether all of it is here."""
        return self.offset == self.length

    @property
    def loose(self) -> int:
        """How many bytes are no part yet."""
        return sum(piece.size for piece in self.pieces)

    def over(self, at: datetime) -> bool:
        """Whether nobody may go on with it."""
        return self.state == "ended" or (self.state == "arriving" and self.expires_at <= at)

    def with_piece(self, piece: Piece) -> "Upload":
        """With bytes that have just come."""
        return self._with(pieces=(*self.pieces, piece), offset=self.offset + piece.size)

    def with_one_piece(self, piece: Piece) -> "Upload":
        """With its pieces put together in one."""
        if piece.size != self.loose:
            raise ValueError("pieces put together are as long as they were")
        return self._with(pieces=(piece,))

    def with_part(self, part: Part, begun: str) -> "Upload":
        """With a part made of all its pieces and of what has just come."""
        arrived = part.size - self.loose
        if arrived < 0:
            raise ValueError("a part holds all the pieces there are")
        parts = (*self.parts, part)
        return self._with(parts=parts, pieces=(), begun=begun, offset=self.offset + arrived)

    def superseded(self, later: "Upload") -> Sequence[Piece]:
        """The pieces that ``later`` has no need of."""
        return [piece for piece in self.pieces if piece not in later.pieces]

    def _with(self, **changes: object) -> "Upload":
        return self.model_copy(update=changes)
