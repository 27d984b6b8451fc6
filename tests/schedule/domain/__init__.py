"""Tests of the rules of schedule."""
