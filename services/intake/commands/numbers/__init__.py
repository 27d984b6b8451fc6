"""Numbering what a unit sends."""
