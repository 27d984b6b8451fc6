"""What streams have sent lately. Invariant: an id is held back from a resumed stream only if it surely arrived before.

A client that names an id as its last has received everything that its stream sent up to there, because bytes do not
overtake each other. A stream that was served elsewhere is not known here, and then nothing is held back.
"""

import time
from collections import OrderedDict, deque

REMEMBER_SECONDS = 150.0
KEEP_IDS = 2000


class Receipt:
    """The ids one stream has sent, in order; what its client had received before it began comes first."""

    def __init__(self, received: list[str]) -> None:
        self._ids: OrderedDict[str, None] = OrderedDict.fromkeys(received)

    def __contains__(self, identifier: str) -> bool:
        return identifier in self._ids

    def add(self, identifier: str) -> None:
        """It is about to be sent."""
        self._ids[identifier] = None
        if len(self._ids) > KEEP_IDS:
            self._ids.popitem(last=False)

    def up_to(self, last: str) -> list[str]:
        """What had been sent when ``last`` was."""
        ids = list(self._ids)
        return ids[: ids.index(last) + 1]


class Receipts:
    """The receipts of this process: those of open streams, and of ended ones for two and a half minutes."""

    def __init__(self) -> None:
        self._of: dict[str, list[Receipt]] = {}
        self._ended: deque[tuple[float, str, Receipt]] = deque()

    def begin(self, person_id: str, last: str | None) -> Receipt:
        """The receipt of a stream that begins; ``last`` is the last id its client has received, if any."""
        self._forget()
        mine = self._of.setdefault(person_id, [])
        before = next((one for one in mine if last in one), None) if last else None
        receipt = Receipt(before.up_to(last) if before and last else [last] if last else [])
        mine.append(receipt)
        return receipt

    def end(self, person_id: str, receipt: Receipt) -> None:
        """The stream is over; its client may be back in a moment."""
        self._ended.append((time.monotonic(), person_id, receipt))

    def _forget(self) -> None:
        horizon = time.monotonic() - REMEMBER_SECONDS
        while self._ended and self._ended[0][0] < horizon:
            _, person_id, receipt = self._ended.popleft()
            mine = self._of[person_id]
            mine.remove(receipt)
            if not mine:
                del self._of[person_id]
