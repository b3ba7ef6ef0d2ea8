"""The dbt project: its location, its profile, its macros rendered without dbt, its packages, and running it.

It knows folders, YAML and Jinja. It must not know what is in a warehouse, nor ask one.
"""
