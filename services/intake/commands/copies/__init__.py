"""Making, keeping and showing the copies of scans."""
