"""The HTTP door of notify."""
