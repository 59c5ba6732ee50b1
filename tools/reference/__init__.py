"""Make the reference of the library from its docstrings, as pages to read offline.

``python3 course.py reference FOLDER`` comes here. Each name has one page, that of the
module that defines it; a package lists what it takes from its modules.
"""
