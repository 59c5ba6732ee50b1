"""The hello table of lesson 01: its numbers, its picture, its controls."""
