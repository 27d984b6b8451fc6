"""The `lontar` command. Invariant: it changes data only through the same doors everybody uses, never in a database."""
