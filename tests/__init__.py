"""Tests, mirroring the source; ``flow/`` runs end to end, ``faults/`` breaks things, ``load/`` measures."""
