"""What people, spreadsheets, scripts and platforms do to exports, and what comes of it."""
