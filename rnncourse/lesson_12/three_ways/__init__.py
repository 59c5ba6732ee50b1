"""Loop, scan, matrix: the numbers, the picture and the controls."""
