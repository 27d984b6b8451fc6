"""Every door of the organisation, so that the composition root names them once."""

from services.routing.api import absences, assignments, holders, people, positions, units

ROUTERS = tuple(part.router for part in (units, positions, holders, people, assignments, absences))
