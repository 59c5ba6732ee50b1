"""Exercises of lesson 02, the forward pass: a file each, and `questions`."""
