"""Intake: where a letter comes into the house.

Owns: letters as they were registered and corrected, the agenda books' counters, the original scans in the object store,
the kinds of papers and the archive classification, scans of many letters on their way to becoming them (batches).
Publishes: ``intake.letter.registered``, ``corrected`` and ``voided``, ``intake.scan.processed`` (what is written on a
scan), ``intake.batch.ready``, ``intake.confidential.opened`` and ``intake.reading.refused`` (who read,
and who was not let).
Consumes: ``routing.unit.changed`` and ``routing.position.changed`` (whom a letter can be for),
``routing.access.changed`` (who may read it); ``routing.letter.delivered`` and ``forwarded`` and ``routing.branch.*``
(what units have sent on, and who took it there).
Invariant: a letter that was answered with 201 has its number, its originals and its event; anything less leaves
nothing behind.
"""
