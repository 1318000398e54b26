"""Floor 7: how the public pages are read, counted without cookies and without anything about a person."""
