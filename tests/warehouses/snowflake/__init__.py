"""Tests of the Snowflake target, against the emulator."""
