"""The one-machine default: RabbitMQ, a MongoDB-compatible server, an S3 server and Lontar's programs as children.

Invariant: whatever this package starts dies with it. Every child is in a process group of its own and asks the
kernel to be killed when the supervisor dies, so even a supervisor killed with SIGKILL leaves nothing behind.
"""
