"""What notify keeps."""
