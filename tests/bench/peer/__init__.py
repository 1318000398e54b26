"""A small Django site to be measured against: the same register, the same 24 questions, Django's own ways."""
