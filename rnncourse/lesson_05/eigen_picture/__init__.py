"""The eigen picture of lesson 05: its numbers, its picture, its controls."""
