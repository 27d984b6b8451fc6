"""What is suggested of a letter, measured on letters that are made here and read by character recognition."""
