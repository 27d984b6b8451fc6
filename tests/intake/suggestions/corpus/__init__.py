"""Letters made to measure suggestions: invented, typeset, spoilt as scanners and phones spoil them, and recognised."""
