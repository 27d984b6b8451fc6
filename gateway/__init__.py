"""The only door. Invariant: nothing passes inward without a verified token, and no body is held in memory on the way.

Owns: accounts, sessions and refresh tokens, apps and their keys, the signing key, the table of routes.
Publishes: nothing.
Consumes: ``routing.assignment.changed`` and the organisation, to know who holds which position while routing is away.
"""
