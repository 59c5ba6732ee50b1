"""Lesson 12: recurrence returns: linear, by a scan, with a matrix as memory."""
