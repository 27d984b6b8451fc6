"""Routing: the organisation, and where each letter is.

Owns: units, positions, people and assignments; branches (one way a letter goes); who may read a letter; the track.
Publishes: routing.unit|position|assignment.changed, routing.letter.delivered, routing.access.changed,
routing.branch.read|received, routing.letter.completed.
Consumes: intake.letter.registered; disposition.disposition.issued|read|replied|completed;
schedule.request.submitted|approved|declined.
Invariant: who has a letter now is derived from its branches; it is never stored on the letter.
"""
