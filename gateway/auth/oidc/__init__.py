"""Signing in by an OpenID provider (OpenID Connect Core 1.0): it says who comes, the house decides what they may."""
