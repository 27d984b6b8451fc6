"""Moving work to another position."""

from services.contracts.routing import PositionChanged
from services.disposition.domain.hand_over import (
    awaits,
    is_party,
    open_part,
    seat_of,
    with_above,
    with_owner_at,
    with_part_at,
)
from tests.disposition.domain.samples import DAY, HEAD, disposition, minute, numbered

NEW = seat_of(
    PositionChanged(
        position_id="new",
        title="Kepala Bidang Jalan",
        unit_id="u2",
        unit_name="Dinas Perhubungan",
        unit_kind="agency",
        role="officer",
    ),
    minute(5),
)


class TestPart:
    def test_keeps_what_was_done_and_where_it_was(self) -> None:
        one = disposition(numbered(0, read_at=minute(1), percent=40), numbered(1))
        moved = with_part_at(one, one.recipients[0], NEW)
        part = moved.recipients[0]
        assert (part.recipient_id, part.position_id, part.unit_name) == ("r0", "new", "Dinas Perhubungan")
        assert (part.read_at, part.percent, part.role) == (minute(1), 40, "responsible")
        assert [(each.position_id, each.since) for each in part.former] == [("p0", DAY)]
        assert part.seat() == NEW
        assert moved.recipients[1] == one.recipients[1]

    def test_twice_keeps_both_in_order(self) -> None:
        one = disposition()
        moved = with_part_at(one, one.recipients[0], NEW)
        again = with_part_at(
            moved, moved.recipients[0], NEW.model_copy(update={"position_id": "p9", "since": minute(9)})
        )
        assert [each.position_id for each in again.recipients[0].former] == ["p0", "new"]


class TestSides:
    def test_only_what_is_open_is_somebodys_to_do_or_to_wait_for(self) -> None:
        done = disposition(numbered(0, completed_at=minute(1)))
        assert open_part(done, "p0") is None
        assert not awaits(done, HEAD.position_id)
        one = disposition(numbered(0), numbered(1))
        assert open_part(one, "p1") == one.recipients[1]
        assert awaits(one, HEAD.position_id)
        assert awaits(disposition(numbered(0, declined_at=minute(1))), HEAD.position_id)

    def test_who_left_is_no_party(self) -> None:
        one = disposition(numbered(0), numbered(1, declined_at=minute(1)))
        assert [is_party(one, each) for each in (HEAD.position_id, "p0", "p1", "new")] == [True, True, False, False]

    def test_the_giving_side_moves_and_the_issuer_stays(self) -> None:
        moved = with_owner_at(disposition(), NEW)
        assert (moved.owner, moved.issuer) == (NEW, HEAD)

    def test_those_above_are_those_of_the_parent_and_its_owner(self) -> None:
        """Whoever gave over at one level may still stand at another: a name is not replaced, the chain is read anew."""
        parent = disposition(owner=NEW, above=("a", HEAD.position_id))
        assert with_above(disposition(above=(HEAD.position_id, "a")), parent).above == (
            NEW.position_id,
            "a",
            HEAD.position_id,
        )
