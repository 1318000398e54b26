"""Floor 9: a fictional city to try the site with."""
