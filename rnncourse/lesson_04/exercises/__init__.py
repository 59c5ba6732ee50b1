"""Exercises of lesson 04, going back in time: a file each, and `questions`."""
