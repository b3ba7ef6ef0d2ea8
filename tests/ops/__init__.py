"""Verification, comparison, downloads."""
