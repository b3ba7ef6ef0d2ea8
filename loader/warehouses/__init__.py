"""Where tables and originals are kept: the interface that the loader needs, and its implementations.

interface.py says what is asked, workspace.py picks the warehouse of the target; nothing else imports a driver. It runs
statements and keeps files; it must not know what a client, a wave or a column means.
"""
