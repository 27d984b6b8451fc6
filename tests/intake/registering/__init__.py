"""Ways to register a letter beside the form."""
