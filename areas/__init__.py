"""The subject areas beside the waves, one folder each; loader/areas.py finds them by listing this folder."""
