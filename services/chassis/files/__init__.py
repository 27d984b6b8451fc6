"""Files from outside: taken in within limits, judged by their bytes alone, kept in the object store, handed out whole.

Nothing is believed of a file but its bytes: neither its name nor what the client says it is.
"""
