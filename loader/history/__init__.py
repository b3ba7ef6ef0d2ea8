"""Many files in one go: a manifest or a folder that assigns them to clients, one plan for all, and their loads.

It loads each file as `load_wave()` does, and knows no more of it than that.
"""
