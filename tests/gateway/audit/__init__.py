"""Tests of the record of sign-ins and administration."""
