"""Exercises of lesson 12, linear recurrences: a file each, and `questions`."""
