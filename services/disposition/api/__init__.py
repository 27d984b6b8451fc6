"""The HTTP door of disposition, one module a resource."""
