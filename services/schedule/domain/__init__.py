"""The rules of schedule, pure: no clock, no database, no web."""
