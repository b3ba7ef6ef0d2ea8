"""Tests of feeds stand with the areas that have some; here is what they need of the emulator."""
