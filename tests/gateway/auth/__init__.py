"""Sign-in, piece by piece."""
