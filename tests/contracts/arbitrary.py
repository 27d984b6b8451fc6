"""Any event whatever: strategies read off the models, so a new event or field is covered without a word here."""

import types
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

from hypothesis import strategies as st
from pydantic import AwareDatetime

from services.contracts.catalogue import all_events
from services.contracts.event import Event, Fact

ZONES = st.sampled_from([UTC, timezone(timedelta(hours=7)), timezone(timedelta(hours=8)), timezone(timedelta(hours=9))])
INSTANTS = st.datetimes(datetime(1000, 1, 2), datetime(9998, 12, 30), timezones=ZONES)  # noqa: DTZ001 - bounds are naive
LEAVES: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(max_size=30),
    bool: st.booleans(),
    int: st.integers(-(2**53), 2**53),  # what every JSON reader can hold
    date: st.dates(),
    AwareDatetime: INSTANTS,
    types.NoneType: st.none(),
}


@cache
def any_of(model: type[Fact]) -> st.SearchStrategy[Any]:
    """Any instance of ``model``."""
    fields = {name: _of(field.annotation) for name, field in model.model_fields.items()}
    if issubclass(model, Event) and model.model_fields[model.subject_field].annotation is str:
        fields[model.subject_field] = st.uuids().map(str)
    return st.fixed_dictionaries(fields).map(lambda values: model(**values))


def any_event() -> st.SearchStrategy[Event]:
    """Any event of any published type."""
    return st.sampled_from(list(all_events().values())).flatmap(any_of)


def _of(annotation: Any) -> st.SearchStrategy[Any]:
    if annotation in LEAVES:
        return LEAVES[annotation]
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin in (Union, types.UnionType):
        return st.one_of([_of(one) for one in arguments])
    if origin is tuple:
        return st.lists(_of(arguments[0]), max_size=3).map(tuple)
    if isinstance(annotation, type) and issubclass(annotation, Fact):
        return any_of(annotation)
    raise TypeError(f"no strategy for {annotation}; add one")
