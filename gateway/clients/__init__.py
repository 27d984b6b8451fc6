"""Apps of the units: who they are, what they show at the door, what they may use and how much they have used."""
