"""Everything that puts Lontar on a machine: set-up, the embedded stack, the `lontar` command, the demo.

Invariant: nothing here is needed by a service at run time. The services run unchanged against any
MongoDB replica set, RabbitMQ cluster and S3 that their environment names.
"""
