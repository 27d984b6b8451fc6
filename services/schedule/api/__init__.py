"""The HTTP door of schedule, one module a resource."""
