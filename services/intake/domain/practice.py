"""Which units practise. Invariant: while a unit does, nothing it registers is entered in its live books."""

from pydantic import AwareDatetime, BaseModel, ConfigDict


class Practice(BaseModel):
    """Whether a unit practises, since when and by whose word. ``version`` 0: nobody has ever said."""

    model_config = ConfigDict(frozen=True)

    id: str
    """The unit's."""
    on: bool = False
    version: int = 0
    by_id: str | None = None
    by_name: str | None = None
    at: AwareDatetime | None = None
