"""Tests of how the house is shown."""
