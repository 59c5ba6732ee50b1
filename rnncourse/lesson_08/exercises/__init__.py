"""Exercises of lesson 08, the LSTM, gate by gate: a file each, and `questions`."""
