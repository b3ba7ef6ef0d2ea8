"""Tests of the area customer 360."""
