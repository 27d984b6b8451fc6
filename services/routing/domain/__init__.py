"""The rules, pure: no framework, no database, no clock."""
