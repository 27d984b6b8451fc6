"""The collections of schedule, one class each. Only the unit of work commits what is written here."""
