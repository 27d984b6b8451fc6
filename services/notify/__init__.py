"""Notify: people hear of what concerns their positions, and why.

Owns: notifications, who read them and when.
Publishes: nothing.
Consumes: ``routing.letter.delivered``, ``.forwarded`` and ``.completed``, ``routing.branch.returned``, ``.redirected``
and ``.recalled``, ``routing.deadline.neared`` and ``.passed``; every event of disposition but its being read and
received, among them what the house says by itself of work left unread, unreported or overdue;
``schedule.request.submitted``, ``.approved`` and ``.declined``; ``intake.letter.corrected`` and ``.voided``,
``intake.scan.derived`` and ``.parked``, ``intake.batch.ready``.
Invariant: a position is told of an event once, however often the event comes; nothing tells what a secret letter is
about.
"""
