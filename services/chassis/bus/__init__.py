"""The message bus on RabbitMQ: what goes over the wire, what is declared, how it is published and consumed.

Invariant: a message leaves a queue only when its work is done, a copy of it is safe elsewhere, or it is parked.
"""
