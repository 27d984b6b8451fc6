"""The copies of scans."""
