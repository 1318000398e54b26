"""Django's admin over the peer's tables."""
