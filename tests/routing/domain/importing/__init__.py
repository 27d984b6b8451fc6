"""Importing the organisation, without a database."""
