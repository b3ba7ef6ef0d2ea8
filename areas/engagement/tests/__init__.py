"""Tests of feeds and of the area engagement."""
