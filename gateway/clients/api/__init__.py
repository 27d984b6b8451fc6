"""The doors of apps: administering them, and the one where an app gets a token."""

from gateway.clients.api import clients, keys, secrets, token, webhooks

ROUTERS = [clients.router, keys.router, secrets.router, webhooks.router, token.router]
