"""What is made of a scan beside the untouched original."""
