"""Tests of disposition."""
