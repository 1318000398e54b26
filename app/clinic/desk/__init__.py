"""What the office sees: the week, hours and days off, bookings, those who call, the waitlist, and reminders to pass on."""
