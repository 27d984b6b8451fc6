"""The generated client: what the generator is given."""
