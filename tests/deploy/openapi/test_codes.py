"""The page of problems lists what can be raised, as the sources have it now."""

import ast

from deploy.openapi.codes import PAGE, _raised, codes, page


class TestRaised:
    """What is read off a source."""

    def test_every_way_to_refuse_is_understood(self) -> None:
        source = """
async def act(name):
    detail = f"Surat {name} sudah ada."
    raise ServiceError(410, "gone", detail)
    raise conflict("taken", "Sudah dipakai.", state=1)
    raise errors.unprocessable("too_long", make())
    raise ServiceError(status, code, detail)
"""
        assert list(_raised(ast.parse(source))) == [
            (410, "gone", "Surat … sudah ada."),
            (409, "taken", "Sudah dipakai."),
            (422, "too_long", ""),
        ]

    def test_the_usual_ones_are_found(self) -> None:
        known = codes()
        assert known["validation_failed"].statuses == {422}
        assert known["too_many_requests"].statuses == {429}
        assert known["id_taken"].places == {"routing"}
        assert all(told.statuses or told.sentences for told in known.values())


class TestPage:
    """docs/problems.md."""

    def test_it_is_what_a_build_would_write(self) -> None:
        current = PAGE.read_text(encoding="utf-8") == page()
        assert current, "stale: run `python -m deploy.openapi build` and commit docs/problems.md"
