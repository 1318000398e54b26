"""What visitors see: choosing a time, their own appointment, the waitlist, and the way back to either."""
