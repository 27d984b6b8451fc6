"""What can be read off a letter. Invariant: pure; a suggestion says where it stands and how sure it is."""
