"""What several forms of the organisation ask for in the same way."""

from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Name = Annotated[str, Field(min_length=1, max_length=200)]
Code = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*$")]
Nip = Annotated[str, Field(pattern=r"^\d{18}$")]
Rank = Annotated[str, Field(min_length=1, max_length=100)]
LegalBasis = Annotated[str, Field(min_length=1, max_length=300)]


class Change(BaseModel):
    """What is to become of an entity: only the fields that are sent. ``EMPTIABLE`` may be sent as null."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    EMPTIABLE: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="after")
    def _empties_only_what_may_be_empty(self) -> Self:  # noqa: N804 - pydantic calls it on the model made
        emptied = {name for name in self.model_fields_set if getattr(self, name) is None} - self.EMPTIABLE
        if emptied:
            raise ValueError(f"must not be null: {', '.join(sorted(emptied))}")
        return self

    def sent(self) -> dict[str, Any]:
        """The fields that were sent."""
        return {name: getattr(self, name) for name in self.model_fields_set}
