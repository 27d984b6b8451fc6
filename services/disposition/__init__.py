"""Disposition: leaders' instructions down, answers up.

Owns: dispositions, what each recipient was asked and how far it is, every act with person, position and capacity.
Publishes: disposition.issued, .read, .replied, .completed (stream ``disposition/<id>``).
Consumes: the organisation (unit.changed, position.changed), who may read a letter (letter.delivered, access.changed)
and the ways it goes (letter.forwarded, branch.redirected, branch.returned, branch.recalled).
"""
