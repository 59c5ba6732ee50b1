"""Exercises of lesson 10, sequence to sequence: a file each, and `questions`."""
