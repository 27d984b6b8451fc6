"""An event and the ways it can change, built as models so that the gate meets what a developer would write."""

from datetime import date
from typing import Any, Literal

from pydantic import AwareDatetime, Field, create_model

from services.contracts.event import Event, Fact

TYPE = "id.lontar.intake.letter.registered.v1"
Fields = dict[str, Any]


class Item(Fact):
    """A part, before any change."""

    code: str
    label: str
    note: str | None = None


ITEM: Fields = {"code": (str, ...), "label": (str, ...), "note": (str | None, None)}
EVENT: Fields = {
    "letter_id": (str, ...),
    "subject": (str, ...),
    "urgency": (Literal["urgent", "normal"], ...),
    "category": (Literal["request"], ...),
    "pages": (int, ...),
    "received_on": (date, ...),
    "registered_at": (AwareDatetime, ...),
    "summary": (str | None, None),
    "copies": (tuple[str, ...], ()),
    "items": (tuple[Item, ...], ...),
    "main": (Item | None, None),
    "limits": (dict[str, int], ...),
}


def item(without: str = "", **changes: Any) -> type[Fact]:
    """``Item`` with fields changed, added or left out."""
    fields = {name: field for name, field in (ITEM | changes).items() if name != without}
    return create_model("Item", __base__=Fact, **fields)


def event(
    *without: str, event_type: str = TYPE, stream: tuple[str, str] = ("letter", "letter_id"), **changes: Any
) -> type[Event]:
    """The event with fields changed, added or left out."""
    fields = {name: field for name, field in (EVENT | changes).items() if name not in without}
    arguments = {"type": event_type, "subject": stream}
    return create_model("LetterRegistered", __base__=Event, __cls_kwargs__=arguments, **fields)


def items(part: type[Fact]) -> Fields:
    """The change that makes the list hold ``part``."""
    return {"items": (tuple[part, ...], ...)}  # type: ignore[valid-type]


BREAKING: dict[str, tuple[type[Event], str]] = {
    "removed field": (event("subject"), "data.subject: the field was removed"),
    "removed optional field": (event("summary"), "data.summary: the field was removed"),
    "renamed field": (event("subject", title=(str, ...)), "data.subject: the field was removed"),
    "new required field": (event(book=(str, ...)), "data.book: the new field is required"),
    "new required nullable field": (event(book=(str | None, ...)), "data.book: the new field is required"),
    "optional becomes required": (
        event(summary=(str | None, ...)),
        "data.summary: was optional and is now required",
    ),
    "required becomes optional": (event(subject=(str, "-")), "data.subject: was required and is now not"),
    "nullable no more": (event(summary=(str, "")), "data.summary: the type was string | null and is now string"),
    "nullable now": (event(subject=(str | None, ...)), "data.subject: the type was string and is now string | null"),
    "narrowed type": (event(pages=(bool, ...)), "data.pages: type was 'integer' and is now 'boolean'"),
    "widened type": (event(pages=(float, ...)), "data.pages: type was 'integer' and is now 'number'"),
    "another alternative": (event(summary=(str | int | None, None)), "data.summary: the type was"),
    "format of a date": (event(received_on=(AwareDatetime, ...)), "format was 'date' and is now 'date-time'"),
    "format lost": (event(registered_at=(str, ...)), "format was 'date-time' and is now absent"),
    "format gained": (event(subject=(date, ...)), "format was absent and is now 'date'"),
    "enum value added": (
        event(urgency=(Literal["very_urgent", "urgent", "normal"], ...)),
        "data.urgency: the value 'very_urgent' was added",
    ),
    "enum value removed": (event(urgency=(Literal["normal"], ...)), "data.urgency: the value 'urgent' was removed"),
    "enum value renamed": (
        event(urgency=(Literal["segera", "normal"], ...)),
        "the value 'urgent' was removed and the value 'segera' was added",
    ),
    "enum opened to any text": (event(urgency=(str, ...)), "data.urgency: enum was"),
    "text closed to an enum": (event(subject=(Literal["a", "b"], ...)), "data.subject: enum was absent"),
    "single value widened": (
        event(category=(Literal["request", "report"], ...)),
        "data.category: the value 'report' was added",
    ),
    "limit added": (event(subject=(str, Field(max_length=100))), "data.subject: maxLength was absent and is now 100"),
    "default changed": (event(copies=(tuple[str, ...], ("a",))), "data.copies: default was [] and is now"),
    "list becomes one": (event(copies=(str, "")), "data.copies: type was 'array' and is now 'string'"),
    "other list members": (event(copies=(tuple[int, ...], ())), "data.copies[]: type was 'string'"),
    "other mapping values": (event(limits=(dict[str, str], ...)), "data.limits[]: type was 'integer'"),
    "part: removed field": (event(**items(item("label"))), "data.items[].label: the field was removed"),
    "part: new required field": (event(**items(item(place=(str, ...)))), "data.items[].place: the new field"),
    "part: changed type": (event(**items(item(code=(int, ...)))), "data.items[].code: type was 'string'"),
    "optional part: removed field": (
        event(main=(item("label") | None, None)),
        "data.main.label: the field was removed",
    ),
    "another stream": (event(stream=("branch", "letter_id")), "x-lontar-subject was"),
}

ADDITIVE: dict[str, type[Event]] = {
    "no change": event(),
    "new optional field": event(book=(str | None, None)),
    "new field with a default": event(attachments=(int, 0)),
    "new optional list": event(tags=(tuple[str, ...], ())),
    "new optional part": event(occasion=(Item | None, None)),
    "new optional enum": event(direction=(Literal["incoming", "outgoing"] | None, None)),
    "part: new optional field": event(**items(item(place=(str | None, None)))),
    "wording": event(subject=(str, Field(description="Perihal.", title="Perihal", examples=["Undangan"]))),
    "order of enum values": event(urgency=(Literal["normal", "urgent"], ...)),
    "order of alternatives": event(summary=(None | str, None)),
    "another class for a part": event(**items(create_model("Line", __base__=Fact, **ITEM))),
}
