"""The clinic: consultants and their hours, bookings that cannot collide, the waitlist, the line at the counter, and visits."""
