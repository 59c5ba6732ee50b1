"""Exercises of lesson 09, the GRU and the gym: a file each, and `questions`."""
