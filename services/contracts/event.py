"""What every event is. Invariant: a type name is never reused, and inside a major version only optional fields come.

The names follow the reverse-DNS rule of CloudEvents 1.0 ("type"): ``id.lontar.<service>.<subject>.<past tense>.v1``.
"""

import re
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict

TYPE_PATTERN = re.compile(
    r"^id\.lontar\.(?P<service>[a-z]+)\.(?P<subject>[a-z_]+)\.(?P<verb>[a-z_]+)\.v(?P<major>\d+)$"
)
PREFIX = "id.lontar."


class Fact(BaseModel):
    """A part of an event. Publishers may not add unknown fields; consumers ignore those they do not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def read(cls, data: Any) -> Self:
        """Parse as a consumer does: fields of a later minor version are ignored, at every depth."""
        return cls.model_validate(data, extra="ignore")


class Event(Fact):
    """Something that happened. ``subject_kind`` and ``subject_field`` name the stream it belongs to."""

    event_type: ClassVar[str]
    subject_kind: ClassVar[str]
    subject_field: ClassVar[str]

    def __init_subclass__(cls, *, type: str, subject: tuple[str, str], **rest: Any) -> None:
        super().__init_subclass__(**rest)
        if not TYPE_PATTERN.match(type):
            raise ValueError(f"not an event type: {type}")
        cls.event_type, (cls.subject_kind, cls.subject_field) = type, subject

    @property
    def stream(self) -> str:
        """``letter/<id>``: order is kept within it, and only there."""
        return f"{self.subject_kind}/{getattr(self, self.subject_field)}"

    @classmethod
    def service(cls) -> str:
        """The service that publishes it."""
        match = TYPE_PATTERN.match(cls.event_type)
        assert match is not None  # noqa: S101 - checked when the class was made
        return match["service"]


def routing_key(event_type: str) -> str:
    """The AMQP routing key: the type without the reverse DNS."""
    return event_type.removeprefix(PREFIX)
