"""The clinic of lesson 06: its numbers, its picture, its controls."""
