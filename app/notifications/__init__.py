"""Floor 1: the outbox, where every message waits until it is sent or read out."""
