"""What intake alone looks for in a scan: whether it carries text, and which. The rest is the chassis's to judge."""
