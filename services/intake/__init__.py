"""Intake: where a letter comes into the house.

Owns: letters as they were registered, corrected and declared void, and drafts of them; the books' counters, the series
of numbers the house gives, and the buku ekspedisi; uploads on their way, original scans, and the copies made of them
(previews, PDF/A, text and where its words stand); batches, the key of separator sheets; kinds of papers and the archive
classification; which units practise; what letters take up in the object store.
Publishes: ``intake.letter.registered``, ``corrected`` and ``voided``; ``intake.scan.processed`` (what is written on a
scan), ``derived`` (its copies are there) and ``parked`` (there will be none); ``intake.batch.ready``;
``intake.confidential.opened`` and ``intake.reading.refused`` (who read, and who was not let).
Consumes: ``routing.unit.changed`` and ``routing.position.changed`` (whom a letter can be for),
``routing.access.changed`` (who may read it); ``routing.letter.delivered`` and ``forwarded`` and ``routing.branch.*``
(what units have sent on, and who took it there).
Invariant: a letter that was answered with 201 has its number, its originals and its event; anything less leaves
nothing behind. Nothing of what is read off a scan is ever entered by itself.
"""
