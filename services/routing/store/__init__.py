"""Collections, queries and indexes. Invariant: a query is bounded by an indexed equality."""
