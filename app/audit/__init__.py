"""Floor 1: the append-only trail of who changed what, when, from what to what."""
