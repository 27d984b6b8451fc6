"""A small house of its own for requests made up from the description of the API."""
