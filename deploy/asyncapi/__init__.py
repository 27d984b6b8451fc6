"""The AsyncAPI document of the events, made of the contracts alone.

Invariant: whatever is published is in it, with who publishes and who listens as the subscription table has it.
"""
