"""Lesson 14: the capstones, each with its rubric, and the myth exam."""
