"""What schedule does, one verb a file."""
