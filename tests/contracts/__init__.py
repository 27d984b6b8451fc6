"""The published language: schemas, samples, evolution, the wire form."""
