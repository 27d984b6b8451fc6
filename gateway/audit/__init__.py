"""The record of who signed in and what was administered: written once, chained, never changed."""
