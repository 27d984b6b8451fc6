"""Set-up from a bare machine: `python3 -m deploy.setup`, with nothing but the standard library.

Invariants: a second run finds everything in place and does nothing; a run that was interrupted is repaired by the next;
two runs at once wait for each other; every failure is one clear sentence and a non-zero exit.
"""
