"""Every operation of the public API, everybody there is, and what the one answers the other."""
