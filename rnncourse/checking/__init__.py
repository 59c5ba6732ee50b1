"""Checking what a learner writes: run it, compare it, say in words what is wrong."""
