"""The page of problems lists what can be raised, as the sources have it now."""

import ast

from deploy.openapi.codes import MAKERS, PAGE, Maker, _passing_on, _raised, codes, is_listed, page

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


class TestRaised:
    """What is read off a source."""

    def test_who_passes_a_code_on_makes_problems_too(self) -> None:
        assert _passing_on([ast.parse(SOURCE)], MAKERS) == {"taken": Maker(1, 409)}

    def test_every_way_to_refuse_is_understood(self) -> None:
        assert list(_raised(ast.parse(SOURCE), {**MAKERS, "taken": Maker(1, 409)})) == [
            (410, "gone", "Surat … sudah ada."),
            (409, "lost", "Sudah dipakai."),
            (409, "used", "Sudah dipakai."),
            (None, "unknown_…", ""),
        ]

    def test_the_usual_ones_are_found(self) -> None:
        known = codes()
        assert known["validation_failed"].statuses == {422}
        assert known["too_many_requests"].statuses == {429}
        assert known["id_taken"].places == {"routing"}
        assert is_listed("unknown_unit", known)
        assert not is_listed("never_heard_of", known)


class TestPage:
    """docs/problems.md."""

    def test_it_is_what_a_build_would_write(self) -> None:
        current = PAGE.read_text(encoding="utf-8") == page()
        assert current, "stale: run `python -m deploy.openapi build` and commit docs/problems.md"
