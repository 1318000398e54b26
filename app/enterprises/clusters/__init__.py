"""Groups of UKM that resemble one another, found by the office's own figures and told in plain words."""
