"""The subject areas beside the waves, a folder each; loader/areas.py finds them by listing this one."""
