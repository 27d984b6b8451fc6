"""The Python client of the public API, generated from its description.

Invariant: nothing in it is written by hand, so it is never behind the description; generator and version are locked.
"""
