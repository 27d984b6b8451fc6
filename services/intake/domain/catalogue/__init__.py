"""What letters are sorted by: kinds of papers and the archive classification. Data, that a regency keeps."""
