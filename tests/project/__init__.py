"""The dbt project: its macros, its packages, running it."""
