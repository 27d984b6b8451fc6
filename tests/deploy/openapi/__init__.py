"""The merged description of the API: whole, consistent, and true to the models behind it."""
