"""The front desk: the receipt that goes home with the sender."""

import re

from deploy.demo.client import Client, Refused
from tests.printed import text_of
from tests.waiting import until_equal

_CHECK_WORD = re.compile(r"Kata kunci ((?:[a-z]+-\s?){3}\d{4})")
BROKEN_LINES = str.maketrans({"\ufffe": "-", "\x02": "-"})
"""How a hyphen at the end of a line is read back."""


async def receipt_of(client: Client, letter_id: str) -> bytes:
    """The receipt, as soon as routing knows of the letter."""

    async def look() -> bytes:
        try:
            return await client.download(f"/v1/letters/{letter_id}/receipt.pdf")
        except Refused as refused:
            if refused.status != 404:
                raise
            return b""

    return await until_equal(look, bool)


def check_word_on(receipt: bytes) -> str:
    """The check word that is printed on it."""
    printed = text_of(receipt).translate(BROKEN_LINES)
    found = _CHECK_WORD.search(printed)
    assert found is not None, printed
    return found[1].replace(" ", "")
