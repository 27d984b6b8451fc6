"""The services of Lontar and what they share: the chassis (plumbing), the contracts (events), the projections."""
