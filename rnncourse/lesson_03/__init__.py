"""Lesson 03: wiring patterns."""
