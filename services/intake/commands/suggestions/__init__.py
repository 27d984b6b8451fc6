"""Suggesting what a scan's letter says, to whoever may read the scan."""
