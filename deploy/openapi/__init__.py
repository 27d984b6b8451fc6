"""The one OpenAPI document of the public API, merged from the five services' and the gateway's own.

Invariant: every operation in it is reachable through the gateway, at that path and in that service.
"""
