"""Tests of routing, mirroring its rooms."""
