"""Lesson 14: capstones with a rubric, and the myth exam."""
