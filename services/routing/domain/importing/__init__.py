"""The organisation as a spreadsheet: rows are parsed, then planned against what is there. Pure; nothing here writes.

``form`` says which columns there are, ``rows`` reads them, ``directory`` finds what a cell refers to, ``resolve`` makes
entities of rows (``unit_rows`` and its neighbours, on one ``desk``), ``plan`` says what would change and what stands in
the way, ``written`` turns it round.
"""
