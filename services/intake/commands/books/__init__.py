"""Reading and printing the books of a unit."""
