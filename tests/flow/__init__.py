"""End to end through the gateway, on the whole running system."""
