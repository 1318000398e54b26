"""Floor 2: people, how they sign in, and how they get back in."""
