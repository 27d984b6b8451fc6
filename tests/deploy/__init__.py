"""Set-up, the embedded stack and the `lontar` command, on real processes."""
