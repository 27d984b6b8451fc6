"""Tests of intake's rules, without any server."""
