"""The bus door of notify: one module for each event, or family of events, it listens to."""
