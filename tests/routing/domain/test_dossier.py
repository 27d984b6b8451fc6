"""A letter under any order of acts and of news, repeated or not; and its history folded again."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from services.projections.letter_access import handles_letters
from services.routing.domain.access import access_of
from services.routing.domain.boxes import tab, tabs_of
from services.routing.domain.branch import handlers_key, trusted_key
from services.routing.domain.control import control_row
from services.routing.domain.dossier import folded
from services.routing.domain.letter import is_completed, status_of, to_act_on, work_on
from services.routing.domain.steps import step_of
from services.routing.domain.track import coordinating, who_must_act
from tests.routing.domain.news import NEWS
from tests.routing.domain.register_news import CORRECTIONS, REGISTER
from tests.routing.domain.world import ACTS, HOLDERS, World

DEEDS = [(act, branch, who) for act in ACTS for branch in ("b1", "b2", "b3") for who in HOLDERS]
HEARD = [*NEWS, *REGISTER]
MOVES = st.one_of(st.sampled_from(HEARD), st.sampled_from(DEEDS), st.integers(0, 9))
GONE = ("recalled", "redirected")


def move(world: World, step: str | tuple[str, str, str] | int) -> None:
    """News, a deed on a first branch, or a deed on whatever branch came last (a redirected one)."""
    if isinstance(step, str):
        world.hear(step)
    elif isinstance(step, tuple):
        before = len(world.history)
        world.do(*step)
        if step[0] == "reopen" and len(world.history) > before:
            assert world.branch(step[1]).is_open
    else:
        world.do(list(ACTS)[step % len(ACTS)], world.branches[-1].id, HOLDERS[step % 2])


def run(steps: Sequence[str | tuple[str, str, str] | int], confidentiality: str = "ordinary") -> World:
    world = World.delivered(confidentiality=confidentiality)
    check(world)
    for step in steps:
        move(world, step)
        check(world)
    return world


def check(world: World) -> None:
    """What holds at every moment."""
    letter, branches = world.dossier.letter, world.branches
    work = work_on(letter, branches)
    for one in branches:
        assert one.work == work[one.id]
        assert one.received is None or one.read is not None
        assert bool(who_must_act(one, letter, branches)) == (not one.is_settled)
        assert not coordinating(one, letter, branches) or one.work == "open"
        boxes = {entry.split("#")[1] for entry in tabs_of(one)}
        assert ("inbox" in boxes) == one.is_open
        if one.role == "addressee" and one.is_live and one.state != "returned":
            assert len(boxes & {"followed_up", "not_followed_up"}) == 1
        assert not boxes or one.is_live
    ways = to_act_on(branches)
    done = bool(ways) and all(one.state == "done" for one in ways)
    assert is_completed(branches) == done
    assert (status_of(letter, branches) in ("done", "archived")) == done
    assert (letter.completed_at is not None) == done
    check_register(world)
    redirected = [one for one in branches if one.state == "redirected"]
    assert all(one.redirected and one.redirected.branch_id in {b.id for b in branches} for one in redirected)
    check_access(world)


def check_register(world: World) -> None:
    """The same is said of the letter everywhere, and a void one is nobody's work."""
    letter, row = world.dossier.letter, control_row(world.dossier)
    assert {letter.access.confidentiality, row.summary.confidentiality} == {letter.summary.confidentiality}
    assert all(one.letter == letter.summary for one in world.branches)
    assert (status_of(letter, world.branches) == "void") == (letter.voided is not None) == letter.summary.voided
    if letter.voided:
        assert all(one.state == "voided" and not tabs_of(one) and one.watch_at is None for one in world.branches)
        assert (row.followed_up, row.due_at, row.units) == (None, None, ())


def check_access(world: World) -> None:
    """Who is listed may read, and who was taken out may not."""
    letter, branches = world.dossier.letter, world.branches
    confidentiality = letter.access.confidentiality
    assert letter.access == access_of(letter, branches)
    row = control_row(world.dossier)
    for one in branches:
        live_there = any(b.unit_id == one.unit_id and b.state not in (*GONE, "returned") for b in branches)
        untouched = one.work == "none"
        if one.state == "recalled" and untouched and not live_there:
            before = any(b.unit_id == one.unit_id and b.state != "recalled" for b in branches)
            assert before or one.unit_id not in letter.access.units
        given_back = one.returned is not None and untouched and confidentiality != "ordinary"
        if one.is_live and one.state != "returned" and not given_back:
            assert trusted_key(one.unit_id) in row.seen_by
            secret = not handles_letters("secretary", letter.access.confidentiality)
            assert (handlers_key(one.unit_id) in row.seen_by) != secret
    sent_from_inside = letter.summary.sender.kind != "external"
    assert (tab(trusted_key("unit-village"), "outbox") in row.seen_by) == sent_from_inside


class TestAnyOrder:
    @given(st.lists(MOVES, max_size=40), st.sampled_from(["ordinary", "restricted", "secret"]))
    @settings(max_examples=200, deadline=None)
    def test_any_interleaving_of_acts_and_repeated_news_is_consistent(
        self, steps: list[str | tuple[str, str, str] | int], confidentiality: str
    ) -> None:
        run(steps, confidentiality)

    @given(st.data())
    @settings(max_examples=150, deadline=None)
    def test_news_in_any_order_and_number_ends_in_the_same_place(self, data: st.DataObject) -> None:
        heard = data.draw(st.lists(st.sampled_from(HEARD), unique=True))
        repeated = data.draw(st.lists(st.sampled_from(heard), max_size=10)) if heard else []
        shuffled = data.draw(st.permutations([*heard, *repeated]))
        straight, tangled = run(heard), run(shuffled)
        assert [b.state for b in straight.branches] == [b.state for b in tangled.branches]
        assert straight.dossier.letter.dispositions == tangled.dossier.letter.dispositions
        assert set(straight.dossier.letter.access.positions) == set(tangled.dossier.letter.access.positions)
        assert straight.dossier.letter.summary == tangled.dossier.letter.summary
        assert straight.dossier.letter.voided == tangled.dossier.letter.voided

    @given(st.permutations([*CORRECTIONS, "guarded", "voided"]))
    @settings(max_examples=20, deadline=None)
    def test_of_corrections_the_newest_holds_and_void_stays_void(self, steps: list[str]) -> None:
        letter = run(steps).dossier.letter
        assert (letter.summary.sender.name, letter.summary.confidentiality) == ("CV Karya Segara", "secret")
        assert (letter.summary.letter_number, letter.abstract, letter.occasion) == ("005/12", None, None)
        assert letter.corrected == 3
        assert letter.voided is not None

    @given(st.permutations([*NEWS, ("read", "b3", "head")]))
    @settings(max_examples=60, deadline=None)
    def test_once_everything_is_done_and_read_the_letter_is_done(self, steps: list[str | tuple[str, str, str]]) -> None:
        world = run(steps)
        assert [one.state for one in world.branches] == ["done", "done", "done"]
        assert status_of(world.dossier.letter, world.branches) == "done"


class TestFolded:
    @given(st.lists(MOVES, max_size=40))
    @settings(max_examples=150, deadline=None)
    def test_a_history_read_again_gives_the_same_letter_branches_and_row(
        self, steps: list[str | tuple[str, str, str] | int]
    ) -> None:
        world = run(steps)
        stored = [(type(event).read(event.model_dump(mode="json")), seq) for event, seq in world.history]
        again = folded(stored)
        assert again == world.dossier
        assert control_row(again) == control_row(world.dossier)

    @given(st.lists(MOVES, max_size=40))
    @settings(max_examples=60, deadline=None)
    def test_every_act_and_all_news_stand_on_the_track(self, steps: list[str | tuple[str, str, str] | int]) -> None:
        world = run(steps)
        told = [step_of(str(n), event, world.dossier) for n, (event, _) in enumerate(world.history)]
        silent = [event for (event, _), step in zip(world.history, told, strict=True) if step is None]
        assert {type(event).__name__ for event in silent} <= {"AccessChanged"}
