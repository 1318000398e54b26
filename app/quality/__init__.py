"""What needs other reports to be seen: odd figures among peers, against a cooperative's own past, and all together."""
