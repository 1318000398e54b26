"""The register of UKM: owners list themselves, operators verify, citizens find."""
