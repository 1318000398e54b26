"""Lists of UKM on their way into the register: what their columns mean, how a row is read, and which business it is."""
