"""Benchmarks: the site beside a Django peer with the same fields, rows, server and durability, in one run."""
