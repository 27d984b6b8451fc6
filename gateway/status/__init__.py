"""How the house is, for everybody. Owns: since when each service is as it is.

Publishes: nothing. Consumes: nothing; it asks the services at ``/statusz``.
"""
