"""Tests of the rules of disposition."""
