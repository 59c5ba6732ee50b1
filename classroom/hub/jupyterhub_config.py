"""The hub of a class on one computer: `course.py class hub` starts it with this.

By hand: ``RNNLIB_CLASS=FOLDER jupyterhub -f classroom/hub/jupyterhub_config.py``. The
file that RNNLIB_MORE names (`--config`) is read last and can change all of this: name
another authenticator, or the files of a certificate.
"""

import os
import sys
from pathlib import Path

from classroom.hub import proxy
from classroom.hub.class_folder import NAME, ClassFolder
from classroom.hub.spawner import LearnerSpawner
from tools.launcher.sentences import ROOT

assert sys.platform != "win32"
c = get_config()  # type: ignore[name-defined]  # noqa: F821

folder = ClassFolder(Path(os.environ.get("RNNLIB_CLASS", "my_class")).resolve())
folder.make()

# The hub: this computer alone, until an address is named; its own files are private.
c.JupyterHub.bind_url = "http://127.0.0.1:8000"
c.JupyterHub.active_server_limit = 30
c.JupyterHub.db_url = f"sqlite:///{folder.hub / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(folder.hub / "cookie_secret")
c.JupyterHub.pid_file = str(folder.hub / "hub.pid")
c.ConfigurableHTTPProxy.command = proxy.command()
c.ConfigurableHTTPProxy.pid_file = str(folder.hub / "proxy.pid")

# Who comes in: a name from the list, or any name where there is no list, with the
# password of the class.
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = folder.password()
c.Authenticator.username_pattern = NAME
names = folder.names()
if names is None:
    c.Authenticator.allow_all = True
else:
    c.Authenticator.allowed_users = names

# What each gets: a folder, the lessons, a limit. The course itself is only read.
c.JupyterHub.spawner_class = LearnerSpawner
c.LearnerSpawner.learners = str(folder.learners)
c.LearnerSpawner.cmd = [sys.executable, "-m", "classroom.hub.singleuser"]
c.LearnerSpawner.environment = {"PYTHONPATH": str(ROOT)}
c.LearnerSpawner.default_url = "/lab/tree/start_here.ipynb"
c.LearnerSpawner.mem_limit = "1G"
c.LearnerSpawner.start_timeout = c.LearnerSpawner.http_timeout = 300
c.LearnerSpawner.poll_interval = 5  # a server that was killed can soon start again
if os.geteuid() == 0:
    c.LearnerSpawner.args = ["--allow-root"]

# A server that nobody has used for an hour ends; what was saved stays.
idle = f"--timeout={os.environ.get('RNNLIB_IDLE_SECONDS', 3600)}"
c.JupyterHub.services = [
    {
        "name": "idle-culler",
        "command": [sys.executable, "-m", "jupyterhub_idle_culler", idle],
    }
]
c.JupyterHub.load_roles = [
    {
        "name": "idle-culler",
        "services": ["idle-culler"],
        "scopes": [
            "list:users",
            "read:users:activity",
            "read:servers",
            "delete:servers",
        ],
    }
]

if "RNNLIB_MORE" in os.environ:
    load_subconfig(os.environ["RNNLIB_MORE"])  # type: ignore[name-defined]  # noqa: F821
