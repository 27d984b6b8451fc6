"""Uploads that may be continued, over real HTTP, on the real store."""
