"""The tests: one folder per feature, as in app/; what they share stands in support/ and factories.py."""
