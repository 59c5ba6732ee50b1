"""Truncated BPTT in lesson 06: its numbers, its picture, its controls."""
