"""What an app may be given, by family. Invariant: said of operations here, and not taken from the table of routes."""

REPORTS = frozenset(
    {
        "figure_steps",
        "figure_outcomes",
        "figure_backlog",
        "figure_adoption",
        "figure_report",
        "get_figure_baseline",
        "list_books",
        "read_book",
        "print_book",
        "export_book",
        "list_dispatches",
        "print_dispatches",
        "export_dispatches",
        "get_storage_usage",
        "get_saved_pages",
    }
)
"""All that ``reports:read`` opens."""
REPORTS_WRITTEN = frozenset({"state_figure_baseline"})
"""Of the same family, and a change."""
OF_LETTERS = frozenset(
    {
        "list_books",
        "read_book",
        "print_book",
        "export_book",
        "list_dispatches",
        "print_dispatches",
        "export_dispatches",
    }
)
"""Reports that say what stands in letters: an app must have been given ``letters:read`` too."""
