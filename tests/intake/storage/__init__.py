"""What letters take up, and what they save."""
