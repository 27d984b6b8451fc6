"""Files that mean harm, or are harmed: made here, with fixed seeds, and sent through the front door."""
