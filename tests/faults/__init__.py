"""The running system is broken on purpose; what was promised must still hold."""
