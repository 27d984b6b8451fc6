"""Read models of routing's events that several services keep, each its own copy in its own database; and the rules
about them that must be one for all: who may read, who is there, which days are worked, how officials sign.

Invariant: a projection is only ever written from events. Publishers keep sent events for 14 days, so one cannot yet be
rebuilt from nothing.
"""
