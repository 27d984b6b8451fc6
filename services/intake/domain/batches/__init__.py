"""Scans of many letters at once: separator sheets, how a scan is split at them, and how people mend the split."""
