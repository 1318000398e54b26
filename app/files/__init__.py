"""Files that people hand in: read by their content, made harmless, kept in the database, and handed out again."""
