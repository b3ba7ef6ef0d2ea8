"""From a file to rows and their profile."""
