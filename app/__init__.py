"""Simpul, floor by floor: core (0) carries everything, factory, cli and demo (9) compose it. The map is in README.md."""
