"""Floor 0: what every feature stands on; it knows no feature."""
