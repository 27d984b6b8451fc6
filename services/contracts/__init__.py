"""The published language: one module of event models per publishing service. Imports nothing but pydantic."""
