"""The HTTP doors of signing in by a provider."""

from gateway.auth.oidc import browser
from gateway.auth.oidc.api import own_links, sign_in

ROUTERS = [sign_in.router, own_links.router, browser.look]
