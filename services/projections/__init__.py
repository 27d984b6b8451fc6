"""Read models of routing's events that several services keep, each its own copy in its own database.

Invariant: a projection is only ever written from events; it can be dropped and rebuilt by replaying them.
"""
