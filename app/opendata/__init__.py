"""What programs may read of the site, and the description of it."""
