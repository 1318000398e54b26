"""Floor 8: home, the guide and what reads everything below."""
