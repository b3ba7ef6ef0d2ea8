"""DuckDB, and Snowflake on the emulator."""
