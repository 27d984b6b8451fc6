"""The read models several services keep of routing's events."""
