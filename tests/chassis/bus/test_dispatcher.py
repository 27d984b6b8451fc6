"""From an event to an outcome, over the double of the unit of work."""

import pytest
from pymongo.errors import AutoReconnect

from services.chassis.bus.dispatcher import Dispatcher, Received, Subscription
from services.chassis.bus.envelope import Envelope, unseal
from services.chassis.bus.outcome import Done, Duplicate, Outcome, Park, ParkMessage, Retry, RetryLater
from services.chassis.testing import InMemoryUnitOfWork
from services.chassis.uow import Transaction
from tests.chassis.bus.samples import sealed
from tests.chassis.sample import ParcelSent


class Handler:
    """Raises what it was told to, else records."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.received: list[Received] = []

    async def __call__(self, event: ParcelSent, received: Received, transaction: Transaction) -> None:
        if self.error:
            raise self.error
        self.received.append(received)


def dispatcher(*handlers: Handler) -> Dispatcher:
    rows = [Subscription(ParcelSent, f"depot.{number}", handler) for number, handler in enumerate(handlers)]
    return Dispatcher("depot", rows, InMemoryUnitOfWork())


def envelope() -> Envelope:
    return unseal(sealed("a", seq=3).body)


class TestOneHandler:
    async def test_gets_the_event_with_what_the_envelope_says(self) -> None:
        handler, one = Handler(), envelope()
        assert await dispatcher(handler).dispatch(one) == Done()
        [received] = handler.received
        assert (received.id, received.seq, received.stream) == (one.id, 3, "parcel/a")

    async def test_acts_once_on_the_same_event(self) -> None:
        handler, one = Handler(), envelope()
        depot = dispatcher(handler)
        assert await depot.dispatch(one) == Done()
        assert [await depot.dispatch(one) for _ in range(20)] == [Duplicate()] * 20
        assert len(handler.received) == 1

    @pytest.mark.parametrize(
        ("error", "outcome"),
        [
            (RetryLater("not yet"), Retry("depot.0: not yet")),
            (ParkMessage("never"), Park("depot.0: never")),
            (ValueError("a bug"), Retry("depot.0: ValueError: a bug")),
        ],
    )
    async def test_decides_by_what_it_raises(self, error: Exception, outcome: Outcome) -> None:
        assert await dispatcher(Handler(error)).dispatch(envelope()) == outcome

    async def test_that_failed_acts_the_next_time(self) -> None:
        handler, one = Handler(RetryLater("not yet")), envelope()
        depot = dispatcher(handler)
        await depot.dispatch(one)
        handler.error = None
        assert await depot.dispatch(one) == Done()

    async def test_that_met_an_outage_raises_it(self) -> None:
        with pytest.raises(AutoReconnect):
            await dispatcher(Handler(AutoReconnect("away"))).dispatch(envelope())


class TestGuardedHandler:
    async def test_is_run_every_time_outside_any_transaction(self) -> None:
        sessions: list[object] = []

        async def guarded(event: ParcelSent, received: Received, transaction: Transaction) -> None:
            sessions.append(transaction.session)

        depot = Dispatcher(
            "depot", [Subscription(ParcelSent, "depot.copy", guarded, guarded=True)], InMemoryUnitOfWork()
        )
        one = envelope()
        assert [await depot.dispatch(one) for _ in range(2)] == [Done(), Done()]
        assert sessions == [None, None]

    async def test_may_not_publish(self) -> None:
        async def publishing(event: ParcelSent, received: Received, transaction: Transaction) -> None:
            transaction.publish(event, seq=1)

        rows = [Subscription(ParcelSent, "depot.copy", publishing, guarded=True)]
        outcome = await Dispatcher("depot", rows, InMemoryUnitOfWork()).dispatch(envelope())
        assert isinstance(outcome, Retry)
        assert "is guarded" in outcome.reason


class TestSeveralHandlers:
    async def test_act_each_in_a_unit_of_work_of_its_own(self) -> None:
        first, second, one = Handler(), Handler(RetryLater("not yet")), envelope()
        depot = dispatcher(first, second)
        assert isinstance(await depot.dispatch(one), Retry)
        second.error = None
        assert await depot.dispatch(one) == Done()
        assert (len(first.received), len(second.received)) == (1, 1)

    @pytest.mark.parametrize("order", [1, -1])
    async def test_are_retried_while_one_may_still_succeed(self, order: int) -> None:
        parking, later = Handler(ParkMessage("never")), Handler(RetryLater("not yet"))
        assert isinstance(await dispatcher(*[parking, later][::order]).dispatch(envelope()), Retry)

    async def test_are_parked_when_the_rest_is_done(self) -> None:
        assert isinstance(await dispatcher(Handler(), Handler(ParkMessage("never"))).dispatch(envelope()), Park)

    async def test_all_run_though_the_first_fails(self) -> None:
        second = Handler()
        await dispatcher(Handler(ValueError("a bug")), second).dispatch(envelope())
        assert len(second.received) == 1


class TestWhatIsNotKnown:
    async def test_type_is_parked(self) -> None:
        other = envelope().model_copy(update={"type": "id.lontar.post.parcel.eaten.v1"})
        assert await dispatcher(Handler()).dispatch(other) == Park("unknown type: id.lontar.post.parcel.eaten.v1")

    async def test_major_version_is_parked_and_told_apart(self) -> None:
        newer = envelope().model_copy(update={"type": "id.lontar.post.parcel.sent.v2"})
        outcome = await dispatcher(Handler()).dispatch(newer)
        assert outcome == Park(
            "unknown major version: id.lontar.post.parcel.sent.v2, known: id.lontar.post.parcel.sent.v1"
        )

    async def test_optional_field_is_ignored(self) -> None:
        handler = Handler()
        later = envelope().model_copy(update={"data": {"parcel_id": "a", "note": "", "colour": "red"}})
        assert await dispatcher(handler).dispatch(later) == Done()
