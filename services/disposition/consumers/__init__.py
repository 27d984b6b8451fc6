"""The bus door of disposition. It consumes only what its projections keep, so they bring their own handlers."""
