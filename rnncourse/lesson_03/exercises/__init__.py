"""Exercises of lesson 03, masks, directions: a file each, and `questions`."""
