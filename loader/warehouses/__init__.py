"""Where tables and originals are kept: the interface that the loader needs, and its implementations.

interface.py defines it, opening.py picks the warehouse of the target; nothing else imports a driver. It runs
statements and keeps files; it must not know what a client, a wave or a column means.
"""
