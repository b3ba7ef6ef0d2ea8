"""Tests of many files in one go."""
