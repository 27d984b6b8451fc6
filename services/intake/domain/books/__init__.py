"""What stands in the books of a unit: agenda and ekspedisi. Pure."""
