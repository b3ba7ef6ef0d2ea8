"""A Snowflake to test against: the fakesnow server, and here what it lacks (account objects, roles, COPY, REMOVE)."""
