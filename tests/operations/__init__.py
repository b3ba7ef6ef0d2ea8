"""Status, doctor, news."""
