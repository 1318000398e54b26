"""Floor 6: operators take, return, approve and reopen what cooperatives filed, and see how far the year is."""
