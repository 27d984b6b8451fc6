"""Ports: free, remembered, apart from each other, with their twins."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.embedded.ports import LAST, LAST_WITH_TWIN, TWIN_OFFSET, NoFreePort, PortBook, is_free


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "ports.json"


class TestClaim:
    def test_last_times_port_is_claimed_again(self, book: Path) -> None:
        first = PortBook(book).claim("s3")
        assert PortBook(book).claim("s3") == first

    def test_taken_port_is_replaced_and_remembered(self, book: Path) -> None:
        first = PortBook(book).claim("s3")
        with socket.create_server(("127.0.0.1", first)):
            second = PortBook(book).claim("s3")
        assert second != first
        assert PortBook(book).claim("s3") == second

    def test_taken_twin_counts_as_taken(self, book: Path) -> None:
        first = PortBook(book).claim("master", twin=True)
        with socket.create_server(("127.0.0.1", first + TWIN_OFFSET)):
            assert PortBook(book).claim("master", twin=True) != first

    def test_preferred_port_wins_unless_it_is_taken(self, book: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            taken = server.getsockname()[1]
            assert PortBook(book).claim("gateway", preferred=taken) != taken
        assert PortBook(book).claim("gateway", preferred=taken) == taken

    def test_port_another_process_was_handed_is_replaced(self, book: Path) -> None:
        wanted = PortBook(book).claim("s3")
        program = "import sys; from deploy.embedded.ports import speak_for; print(speak_for(int(sys.argv[1])))"
        told = subprocess.run([sys.executable, "-c", program, str(wanted)], capture_output=True, text=True, check=True)
        assert told.stdout == "False\n"

    def test_no_two_parts_share_a_port_or_a_twin(self, book: Path) -> None:
        ports = PortBook(book)
        plain = [ports.claim(f"p{n}") for n in range(40)]
        twins = [ports.claim(f"t{n}", twin=True) for n in range(40)]
        everything = [*plain, *twins, *(port + TWIN_OFFSET for port in twins)]
        assert len(set(everything)) == len(everything)
        assert max(plain) < LAST
        assert max(twins) < LAST_WITH_TWIN

    def test_remembered_port_of_another_part_is_not_given_away_twice(self, book: Path) -> None:
        port = PortBook(book).claim("a")
        book.write_text(f'{{"a": {port}, "b": {port}}}', encoding="utf-8")
        ports = PortBook(book)
        assert ports.claim("a") == port
        assert ports.claim("b") != port

    def test_spoilt_book_is_begun_anew(self, book: Path) -> None:
        book.write_text("{half a", encoding="utf-8")
        assert PortBook(book).claim("a") > 0

    def test_no_port_left_is_one_clear_sentence(self, book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("deploy.embedded.ports.is_free", lambda port: False)
        with pytest.raises(NoFreePort, match=r"No free port .* for s3"):
            PortBook(book).claim("s3")


class TestIsFree:
    def test_port_listened_on_is_not_free(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            assert not is_free(server.getsockname()[1])

    def test_port_listened_on_by_all_addresses_is_not_free(self) -> None:
        with socket.create_server(("0.0.0.0", 0)) as server:
            assert not is_free(server.getsockname()[1])
