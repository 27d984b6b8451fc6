"""Programs run apart that print. They import nothing of this package, and know no letter."""
