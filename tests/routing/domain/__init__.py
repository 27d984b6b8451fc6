"""Tests of routing's rules, without any server."""
