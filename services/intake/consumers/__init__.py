"""The bus door. Intake only keeps read models of routing's events; their handlers live with the projections."""
