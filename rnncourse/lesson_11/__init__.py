"""Lesson 11: attention."""
