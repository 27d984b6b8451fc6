"""Tests of signing in by an OpenID provider, against a real one on loopback."""
