"""Floor 7: running the site: health, the clock, settings."""
