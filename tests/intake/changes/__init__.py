"""Changing what the register says: corrections, voided registrations, doubles, practice."""
