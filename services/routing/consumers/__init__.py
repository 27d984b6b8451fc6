"""The bus door, one event a file. Invariant: every handler stands re-delivery and reordering."""
