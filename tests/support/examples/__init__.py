"""Addresses that are worth a visit on the demonstration data, by feature."""
