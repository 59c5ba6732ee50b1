"""Connectivity, of lesson 13: its numbers, its picture, its controls."""
