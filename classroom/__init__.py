"""The teacher's kit: hand out, grade, see the class, print, project, serve.

`python3 course.py class` lists its commands; README.md in this folder is the page to
read on a Friday.
"""
