"""What can go wrong on the way to a service. Invariant: each says whether the request may be sent again."""


class LineFault(Exception):
    """The line failed, not the client."""

    kind = "fault"


class ConnectFailed(LineFault):
    """Nobody took the connection: not a byte of the request has gone out."""

    kind = "connect"


class Closed(LineFault):
    """The connection ended before the answer did. ``unanswered``: not a byte of the answer had come."""

    kind = "reset"

    def __init__(self, *, unanswered: bool) -> None:
        super().__init__("closed before an answer" if unanswered else "closed within the answer")
        self.unanswered = unanswered


class Silent(LineFault):
    """No byte came, or none was taken, for as long as may be waited."""

    kind = "timeout"


class Garbled(LineFault):
    """What came is no answer in HTTP."""

    kind = "garbled"
