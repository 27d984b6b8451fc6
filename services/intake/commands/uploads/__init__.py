"""Uploads that may be continued, and the scans that come of them: a file a verb."""
