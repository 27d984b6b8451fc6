"""The HTTP door: routes, request and response models. Invariant: no rule lives here."""
