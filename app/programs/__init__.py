"""Programmes of the office: announced, found, applied for, and kept current by people without IT skill."""
