"""Keeping what letters are sorted by, and going by it when one is registered."""
