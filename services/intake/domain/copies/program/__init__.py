"""The program that makes the copies of one scan. Invariant: it knows nothing of the service and runs apart from it.

A page is made by a process of its own, forked from the program, so that a page that breaks its reader, or takes longer
than a page may, is one page without a copy and no more.
"""
