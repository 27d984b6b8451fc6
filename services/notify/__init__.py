"""Notify: people hear of what concerns their positions, and why.

Owns: notifications, who read them and when.
Publishes: nothing.
Consumes: ``routing.letter.delivered`` and ``.completed``, ``disposition.disposition.issued``, ``.replied`` and
``.completed``, ``schedule.request.submitted``, ``.approved`` and ``.declined``.
Invariant: one notification for an event and a position, however often the event comes; none tells what a secret
letter is about.
"""
