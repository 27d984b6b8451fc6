"""Uploads that may be continued: what tus 1.0 says of them, without HTTP and without a store."""
