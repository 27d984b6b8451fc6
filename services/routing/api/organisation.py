"""Every door of the organisation, so that the composition root names them once."""

from services.routing.api import (
    absences,
    assignments,
    holders,
    organisation_files,
    people,
    positions,
    templates,
    units,
)

ROUTERS = tuple(
    part.router for part in (units, positions, holders, people, assignments, absences, organisation_files, templates)
)
