"""Sign-in: own accounts, sessions with rotating refresh tokens, and the short-lived tokens the services verify."""
