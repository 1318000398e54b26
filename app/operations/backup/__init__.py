"""Backups: made without stopping, tried by restoring them, and put back for real."""
