"""The bus door of schedule, one event a file."""
