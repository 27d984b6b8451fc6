"""Tests of batch scanning."""
