"""Apps: registering them, their keys and tokens, how much they ask, their webhooks."""
