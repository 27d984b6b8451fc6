"""How a unit numbers what it sends: templates, series and the numbers made of them. Pure."""
