"""The only door. Invariant: nothing passes inward without a verified token, and no file is held in memory on the way.

Owns: accounts, sessions and refresh tokens, apps and their keys, the signing key, the table of routes.
Publishes: nothing.
Consumes: ``routing.assignment.changed`` and the organisation, to know who holds which position while routing is away.

The way of a request, by module:

1. ``front`` leads to the outermost layer, which ``perimeter`` has put together: ``edge`` makes a ``passing`` of each
   request (request id, ``hosts``, ``cross_origin``), and on its way out ``safe_headers``, ``streams``, ``access_log``.
2. ``proxy`` finds its row in ``routes``; ``passage`` is what all are passed on with. No row: a page of the gateway's
   own app, or 404 below ``/v1/``.
3. A ``visit`` admits it: ``credentials`` tell who comes (readers in ``auth`` and ``clients``), ``limits`` how often.
4. What a service answers is ``forwarded``: by ``kept_answers`` where ``caching`` keeps one, else in an ``exchange``
   over a line of ``reach``. ``headers`` and ``bodies`` say what passes, ``compression`` makes it shorter.
5. What the gateway answers itself is ``handed_over`` to its app: to ``auth``, ``clients``, ``audit`` or ``status``.
"""
