"""What intake does, one verb a module."""
