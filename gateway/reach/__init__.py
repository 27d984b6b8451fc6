"""Reaching the services: connections, instances and their health. The proxy asks for a line and gets one, or a refusal.

Invariant: what is not there is known to be away before it is asked again, and nobody queues for it.
"""
