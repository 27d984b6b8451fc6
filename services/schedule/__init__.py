"""Schedule: leaders' calendars, free of clashes.

Owns: requests for a leader's presence, the events they become, one calendar for each leader.
Publishes: request.submitted, .approved, .declined (stream ``schedule_request/<id>``).
Consumes: disposition.issued and disposition.recipient.added (an instruction to schedule, to attend or to stand in opens
a request), intake.letter.corrected|voided (what is not decided follows its letter), the organisation (unit.changed,
position.changed) and who may read a letter (letter.delivered, access.changed).
"""
