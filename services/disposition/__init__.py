"""Disposition: leaders' instructions down, answers up.

Owns: dispositions, what each recipient was asked and how far it is, every act with person, position and capacity; files
of answers; the catalogue of instructions and one-tap replies; printed sheets.
Publishes: all of ``contracts/disposition.py`` (stream ``disposition/<id>``).
Consumes: a letter's number and dates, and what becomes of its entry in the register (intake.letter.registered,
.corrected, .voided), the organisation (unit.changed, position.changed), who holds
what and who is away (assignment.changed, absence.changed), the days the regency decides of (day.decided), who may read
a letter (letter.delivered, access.changed) and the ways it goes (letter.forwarded, branch.redirected, .returned,
.recalled, .closed, .reopened).
"""
