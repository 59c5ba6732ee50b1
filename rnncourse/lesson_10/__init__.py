"""Lesson 10: sequence to sequence."""
