"""Floor 4: a cooperative fills in and files its yearly report; the report, its checks and its kept totals."""
