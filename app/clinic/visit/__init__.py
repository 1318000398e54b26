"""What happens around a visit: the counter and the waiting room, a consultant's day, the visit itself, and what follows from it."""
