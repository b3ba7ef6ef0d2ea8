"""Exports of many shapes that hold one and the same table, and what must be read from each."""
