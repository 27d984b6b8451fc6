"""How refusals are described."""

import pytest

from services.chassis.errors import PROBLEM_JSON, ServiceError, unavailable
from services.chassis.openapi import Problem, problems


class TestProblems:
    def test_describes_each_status_and_always_503(self) -> None:
        described = problems(404, 409)
        assert set(described) == {404, 409, 503}
        assert all(list(one["content"]) == [PROBLEM_JSON] for one in described.values())

    def test_refuses_a_status_nobody_explained(self) -> None:
        with pytest.raises(KeyError):
            problems(418)


class TestProblem:
    @pytest.mark.parametrize(
        "error", [ServiceError(409, "state_changed", "Sudah diubah.", extra={"state": {"version": 2}}), unavailable()]
    )
    def test_describes_what_is_sent(self, error: ServiceError) -> None:
        sent = error.document("request-1")
        assert Problem.model_validate(sent).model_dump() == sent
