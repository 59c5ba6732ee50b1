"""Exercises of lesson 13, looking inside: a file each, and `questions`."""
