"""The rules of disposition, pure: no clock, no database, no web."""
