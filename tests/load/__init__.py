"""Load runs: ratios against a floor measured in the same run, on the same stack. Started by ``make bench``."""
