"""Floor 5: files into the register and the reports."""
