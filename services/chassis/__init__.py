"""Plumbing every service stands on. Knows no letter; the only room that touches broker, database and object store."""
