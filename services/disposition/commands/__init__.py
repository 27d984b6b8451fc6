"""What disposition does, one verb a file."""
