"""The course as a site: JupyterLab with Python in the browser tab, and no server.

* `building` - a folder of files that any web server can serve
* `wheels` - rnnlib, rnncourse and what they need, as files that Pyodide installs
* `runtime` - Python itself: from a folder of Pyodide, or from its public release
* `serve` - a small server, which the site carries along
"""
