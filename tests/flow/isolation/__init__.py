"""Two villages, everything that came of their letters, and every way to ask for it."""
