"""`spark9 doctor --probe`: try on a Snowflake account what the project rests on, in a throwaway database.

`checks.py` has the checks in their order, as data; `attempts.py` those that need code. `running.py` runs them with what
`bench.py` gives, `throwaway.py` makes and drops what they work in, and `cells.py` has the cells that both warehouses
must read alike. Areas contribute checks of their own (`Area.probes`).
"""
