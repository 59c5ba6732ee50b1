"""Lesson 08: the LSTM, gate by gate."""
