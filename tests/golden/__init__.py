"""What the project makes of known files, as hashes: a change of structure must not change any of them.

`make golden` writes hashes.json anew; the diff of that file is then what a change does to tables and plans.
"""
