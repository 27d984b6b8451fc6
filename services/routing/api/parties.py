"""Whom a letter is sent on to, as a client names them."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

from services.chassis.ids import EntityId
from services.contracts.vocabulary import Party, PartyKind

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class PartyIn(BaseModel):
    """A unit or position of the regency by its id, or a party outside by its name."""

    model_config = ConfigDict(extra="forbid")

    kind: PartyKind
    id: EntityId | None = None
    name: Name | None = None

    @model_validator(mode="after")
    def _named(self) -> Self:  # noqa: N804 - pydantic gives it the instance
        if self.kind == "external" and not self.name:
            raise ValueError("Pihak luar harus diberi nama.")
        if self.kind != "external" and not self.id:
            raise ValueError("Unit atau jabatan harus disebut dengan id.")
        return self

    @property
    def party(self) -> Party:
        """As the contracts have it."""
        return Party(kind=self.kind, id=self.id if self.kind != "external" else None, name=self.name or str(self.id))
