"""Exercises of lesson 00, why sequences need memory: a file each, and `questions`."""
