"""The exercises of lesson 06, one file each."""
