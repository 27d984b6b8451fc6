"""The rules of registering a letter: pure, no framework, no plumbing."""
