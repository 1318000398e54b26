"""Moving the site from SQLite to PostgreSQL, with proof that nothing was lost or changed."""
