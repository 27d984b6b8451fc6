"""The bus door of disposition: news after which a position may be vacant. Projections bring handlers of their own."""
