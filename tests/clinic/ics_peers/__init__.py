"""The clinic's calendar files, read by two parsers that share no code: icalendar (Python) and ical.js (JavaScript)."""
