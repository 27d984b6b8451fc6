"""What is done with batches: begun, looked at, reviewed, cut, closed."""
