"""The AsyncAPI document: complete, current, and true to the samples."""
