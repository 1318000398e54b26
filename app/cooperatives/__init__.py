"""Floor 3: the register of cooperatives, who may act for each, and what happened to each."""
