"""Intake's collections, one class each."""
