"""The saturation meter of lesson 05: its numbers, its picture, its controls."""
