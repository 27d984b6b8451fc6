"""The demo: a small regency, its people, and one letter carried through the whole system over the public API alone."""
