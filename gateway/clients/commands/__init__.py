"""What an administrator does with apps, one act a module."""
