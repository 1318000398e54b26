"""Requests for a service or for public information, over every channel, with one number and one queue."""
