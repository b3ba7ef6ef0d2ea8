"""What brings data back: backups of the database with stage and registry, restore, and rebuild from the originals.

store.py is the place of backups, backup.py fills it, restore.py reads it, rebuild.py needs none.
"""
