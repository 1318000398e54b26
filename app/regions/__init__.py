"""Floor 1: the places of Indonesia by the codes of Kemendagri; an office works in one of them."""
