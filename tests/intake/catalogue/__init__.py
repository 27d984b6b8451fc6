"""What letters are sorted by: kinds of papers and the archive classification."""
