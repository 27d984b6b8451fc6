"""The pages against the tree: links, tables and names."""
