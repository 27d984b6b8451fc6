"""What a notification is and how it reads. Pure: no framework, no plumbing."""
