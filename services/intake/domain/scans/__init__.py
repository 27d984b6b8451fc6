"""What a scan is and when one is refused: by its bytes alone, never by its name or what the client claims."""
