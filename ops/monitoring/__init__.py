"""elementary's monitoring of the marts: its models, its anomaly tests and its report, by `make monitoring`.

It knows the project and dbt alone; `edr` has an environment of its own (requirements.lock here).
"""
