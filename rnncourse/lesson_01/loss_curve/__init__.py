"""The loss curve of lesson 01: its numbers, its picture, its controls."""
