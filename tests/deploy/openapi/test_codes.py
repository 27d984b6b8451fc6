"""The page of problems lists what can be raised, as the sources have it now."""

import ast

from deploy.openapi.codes import (
    MAKERS,
    PAGE,
    Maker,
    _everywhere,
    _in_module,
    _passing_on,
    _raised,
    codes,
    is_listed,
    page,
)
from deploy.openapi.sentences import calls, with_imports

SOURCE = """
def taken(thing, code, detail):
    return ServiceError(409, code, detail, extra={"state": thing})

async def act(name):
    detail = f"Surat {name} sudah ada."
    raise ServiceError(410, "gone", detail)
    raise errors.taken(name, "lost" if name else "used", "Sudah dipakai.")
    raise ServiceError(status, f"unknown_{name}", make())
    raise ServiceError(status, code, detail)
"""
NAMES = """
def taken(detail):
    raise ServiceError(409, "taken", detail)

def lost():
    detail = "Hilang."
    if detail:
        raise ServiceError(410, "lost", detail)
    detail = "Tidak ada."
    raise ServiceError(404, "missing", detail)

def closed():
    detail = "Tertutup."

    async def work():
        raise ServiceError(409, "closed", detail)
    raise ServiceError(409, "shut", f"{SHUT}!" if detail else SHUT)

SHUT = detail = "Sudah ditutup."
SAID = {"read": "Sudah dibaca.", "done": "Sudah selesai."}

def later(state, sentence="Nanti."):
    raise taken("Sudah diambil.")
    raise ServiceError(409, "later", sentence)
    raise ServiceError(409, "done", SAID["done"])
    raise ServiceError(409, f"not_{state}", SAID[state])
    raise ServiceError(409, "away", _away())

def _away():
    return f"Tidak ada {detail}."
"""


def raised(source: str, **makers: Maker) -> list[tuple[int | None, str, str]]:
    """What a module alone raises."""
    alone = {"alone": ast.parse(source)}
    asked = {thing.name: found for thing, found in calls(alone).items()}
    return list(_raised(alone["alone"], {**MAKERS, **makers}, with_imports("alone", alone), asked))


class TestRaised:
    """What is read off a source."""

    def test_who_passes_a_code_on_makes_problems_too(self) -> None:
        assert _passing_on(ast.parse(SOURCE), MAKERS) == {"taken": Maker(1, 409)}

    def test_a_private_one_is_its_modules_own(self) -> None:
        other = ast.parse(SOURCE.replace("taken", "_taken"))
        assert _in_module(other, MAKERS) == {**MAKERS, "_taken": Maker(1, 409)}
        assert _everywhere([ast.parse(SOURCE), other], MAKERS) == {**MAKERS, "taken": Maker(1, 409)}

    def test_every_way_to_refuse_is_understood(self) -> None:
        assert raised(SOURCE, taken=Maker(1, 409)) == [
            (410, "gone", "Surat … sudah ada."),
            (409, "lost", "Sudah dipakai."),
            (409, "used", "Sudah dipakai."),
            (None, "unknown_…", ""),
        ]

    def test_a_name_means_what_it_was_given_last_where_it_is_used(self) -> None:
        assert raised(NAMES) == [
            (409, "taken", "Sudah diambil."),
            (410, "lost", "Hilang."),
            (404, "missing", "Tidak ada."),
            (409, "closed", "Tertutup."),
            (409, "shut", "…!"),
            (409, "later", "Nanti."),
            (409, "done", "Sudah selesai."),
            (409, "not_…", "Sudah dibaca."),
            (409, "away", "Tidak ada …."),
        ]

    def test_the_usual_ones_are_found(self) -> None:
        known = codes()
        assert known["validation_failed"].statuses == {422}
        assert known["too_many_requests"].statuses == {429}
        assert known["branch_already_filed"].statuses == {409}
        assert known["id_taken"].places == {"routing"}
        assert is_listed("unknown_unit", known)
        assert not is_listed("never_heard_of", known)


class TestPage:
    """docs/problems.md."""

    def test_every_row_has_a_sentence_but_where_it_comes_from_afar(self) -> None:
        silent = {code for code, told in codes().items() if not told.sentences}
        assert silent == {"multipart_required", "…_in_use"}, "write the sentence where the problem is raised"

    def test_it_is_what_a_build_would_write(self) -> None:
        current = PAGE.read_text(encoding="utf-8") == page()
        assert current, "stale: run `python -m deploy.openapi build` and commit docs/problems.md"
