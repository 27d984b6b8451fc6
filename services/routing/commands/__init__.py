"""What people and events may have done, one verb a file. Invariant: only the unit of work commits."""
