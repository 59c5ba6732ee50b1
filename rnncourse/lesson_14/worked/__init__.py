"""Worked capstones, as code: what the trials train and the tests begin from."""
