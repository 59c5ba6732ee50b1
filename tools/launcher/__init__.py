"""What course.py is made of: its environment, its lessons, its packed wheels.

Standard library only: nothing is installed yet when this runs.
"""
