"""The HTTP doors of sign-in. Invariant: no answer that holds a token or a secret may be kept by a cache."""

from gateway.auth.api import accounts, own_account, published_keys, session, sessions, sign_in

ROUTERS = [sign_in.router, session.router, sessions.router, accounts.router, own_account.router, published_keys.router]
