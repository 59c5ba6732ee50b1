"""Start the course: install what it needs, open the lessons, run the tests.

Type ``python3 course.py`` (Windows: ``py course.py``); ``--help`` lists the commands.
The first start installs the packages of ``requirements.lock`` into the folder ``.venv``
beside this file, later starts find them there. Only Python itself is needed.
"""

import argparse
import contextlib
import errno
import hashlib
import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

OLDEST, NEWEST = (3, 11), (3, 14)
ROOT = Path(__file__).resolve().parent
LOCK = ROOT / "requirements.lock"
VENV = ROOT / ".venv"
LOG, STAMP, UNFINISHED = VENV / "pip.log", VENV / "course.stamp", "unfinished"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
CALL = "py course.py" if os.name == "nt" else "python3 course.py"
PIP = "-m pip install --no-user --no-input --progress-bar off --no-deps"
PINNED = "--disable-pip-version-check --require-hashes --only-binary :all: -r"
LAB = (
    "-m jupyterlab --LabApp.default_url=/lab/tree/start_here.ipynb --allow-root"
    " --log-level=WARN --LabApp.log_level=WARN --LabApp.extension_manager=readonly"
    " --KernelManager.transport_encryption=auto"
)

NO_PYTHON = (
    "The course needs Python {oldest} to {newest} and this is Python {found}: install"
    " {newest} from python.org/downloads, then type python{newest} course.py (Windows:"
    " py -{newest} course.py)."
)
NO_VENV = (
    "This Python cannot make virtual environments: install its venv module (on Debian"
    " and Ubuntu: sudo apt install python3-venv), then type {call} again."
)
READ_ONLY = (
    "The folder {root} cannot be written to, so nothing can be installed there: copy"
    " the course to a folder of your own, then type {call} there (reading the notebooks"
    " needs no copy)."
)
PORT_TAKEN = (
    "Port {port} cannot be had, perhaps another program uses it: choose another number,"
    " or leave --port out and JupyterLab finds one."
)
NO_BENCHMARK = "There is no {names} to measure; there are: {known}."
UNKNOWN = "The course could not be set up: {error}"
FOREIGN = "{venv} was not made by course.py: move it away, then type {call} again."
DISK_FULL = "The disk is full: make room for about 1 GB, then type {call} again."
UNWRITABLE = {errno.ENOSPC: DISK_FULL, errno.EROFS: READ_ONLY, errno.EACCES: READ_ONLY}
COMPLAINTS = (
    (r"No space left on device|\[Errno 28\]|\[WinError 112\]", DISK_FULL),
    (
        r"Windows Long Path",
        "The path {root} is too long for Windows: move the course nearer to the top of"
        " the disk, then type {call} again.",
    ),
    (
        r"DO NOT MATCH THE HASHES",
        "A downloaded package is not the one that this course was tested with: try"
        " another network, then type {call} again.",
    ),
    (
        r"NewConnection|NameResolution|Timeout|Proxy|SSL|RemoteDisconnected|refused",
        "The packages could not be downloaded: connect to the internet (behind a proxy,"
        " set HTTPS_PROXY), then type {call} again.",
    ),
    (
        r"No matching distribution found for (?P<package>[^\s=]+)",
        "There is no ready-made {package} for this Python on this machine: install a"
        " 64-bit Python from python.org/downloads, then type {call} again.",
    ),
)


class CourseError(Exception):
    """One sentence for the learner: what is wrong, and what to do about it."""

    def __init__(self, sentence: str, **names: object):
        super().__init__(sentence.format(call=CALL, root=ROOT, venv=VENV, **names))


def check_python(version: tuple) -> None:
    """Refuse a Python for which the lock holds no packages."""
    if not OLDEST <= version[:2] <= NEWEST:
        oldest, newest, found = ("{}.{}".format(*v) for v in (OLDEST, NEWEST, version))
        raise CourseError(NO_PYTHON, oldest=oldest, newest=newest, found=found)


def wanted_stamp() -> str:
    """Return what the environment has to be made of: Python, place and packages."""
    packages = LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes()
    python = "{}.{} {}".format(*sys.version_info[:2], sysconfig.get_platform())
    return "\n".join([python, str(ROOT), hashlib.sha256(packages).hexdigest()])


def stored_stamp() -> str:
    """Return what the environment is made of; UNFINISHED if it is not whole."""
    if VENV.exists() and not STAMP.is_file():
        raise CourseError(FOREIGN)
    return STAMP.read_text(encoding="utf-8") if PYTHON.exists() else UNFINISHED


def prepare() -> None:
    """Make the environment, unless it is there already; all of it or nothing."""
    wanted, stored = wanted_stamp(), stored_stamp()
    if stored == wanted:
        return
    anew = stored.splitlines()[:2] != wanted.splitlines()[:2]
    if anew and not all(map(importlib.util.find_spec, ("venv", "ensurepip"))):
        raise CourseError(NO_VENV)
    try:
        if anew:
            make_venv()
        install()
        link_checkout()
        STAMP.write_text(wanted, encoding="utf-8")
    except OSError as error:
        sentence = UNWRITABLE.get(error.errno or 0, UNKNOWN)
        raise CourseError(sentence, error=error) from error
    finally:
        if STAMP.is_file() and STAMP.read_text(encoding="utf-8") == UNFINISHED:
            shutil.rmtree(str(VENV), ignore_errors=True)


def make_venv() -> None:
    """Make an empty environment in place of what course.py made before."""
    import venv

    print(f"The packages of the course are going into {VENV}")
    VENV.mkdir(exist_ok=True)
    STAMP.write_text(UNFINISHED, encoding="utf-8")
    for old in VENV.iterdir():
        if old.is_dir() and not old.is_symlink():
            shutil.rmtree(str(old))
        elif old != STAMP:
            old.unlink()
    try:
        venv.create(str(VENV), symlinks=os.name != "nt", with_pip=True)
    except (subprocess.CalledProcessError, SystemExit) as error:
        raise CourseError(NO_VENV) from error


def site_packages() -> Path:
    """Return the folder of the environment's packages."""
    base = {"base": str(VENV), "platbase": str(VENV)}
    return Path(sysconfig.get_path("purelib", "venv", base))


def link_checkout() -> None:
    """Let the environment import rnnlib from this folder."""
    here = os.path.relpath(str(ROOT), str(site_packages()))
    (site_packages() / "rnnlib-checkout.pth").write_text(here, encoding="ascii")


def install() -> None:
    """Install the packages of the lock, counting them as they come."""
    start = time.monotonic()
    command = [str(PYTHON), *PIP.split(), *PINNED.split(), str(LOCK)]
    with open(str(LOG), "wb") as log:
        pip = subprocess.Popen(command, stdout=log, stderr=log, env=environment())
        try:
            watch(pip)
        finally:
            pip.kill()
            pip.wait()
    if pip.returncode:
        raise explain(pip_words())
    print(f"The packages are installed ({time.monotonic() - start:.0f} s).")


def pip_words() -> str:
    """Return what pip has said until now."""
    return LOG.read_text(encoding="utf-8", errors="replace")


def watch(pip: subprocess.Popen) -> None:
    """Show how far pip has come, until it ends."""
    already = set(site_packages().glob("*.dist-info"))
    new: list = []
    while pip.poll() is None:
        time.sleep(0.1)
        words = pip_words()
        if "\nInstalling collected packages" in words:
            STAMP.write_text(UNFINISHED, encoding="utf-8")
        new += set(site_packages().glob("*.dist-info")) - already - set(new)
        show(progress(words, [path.name.split("-")[0] for path in new]))
    show("")


def progress(words: str, installed: list) -> str:
    """Return one line on how far pip has come, from its words and its packages."""
    fetched = re.findall(r"^Collecting ([^\s=]+)", words, re.MULTILINE)
    passed = re.findall(r"^(?:Ignoring|Requirement already)", words, re.MULTILINE)
    entries = re.findall(r"^\w\S*==", LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    total = len(entries) - len(passed)
    if installed:
        return f"installing {len(installed)} of {total}: {installed[-1]}"
    if fetched:
        return f"fetching {len(fetched)} of {total}: {fetched[-1]}"
    return "asking for the packages"


def explain(words: str) -> CourseError:
    """Return in one sentence why pip failed."""
    for pattern, sentence in COMPLAINTS:
        found = re.search(pattern, words)
        if found:
            return CourseError(sentence, **found.groupdict())
    return CourseError(UNKNOWN, error=(words.splitlines() or ["pip failed"])[-1])


def show(text: str) -> None:
    """Write over the current line of a terminal."""
    if sys.stdout.isatty():
        width = shutil.get_terminal_size().columns - 1
        print("\r" + text[:width].ljust(width), end="" if text else "\r", flush=True)


def environment() -> dict:
    """Return the variables that the programs of the environment see."""
    foreign = "PYTHONHOME PYTHONPATH PIP_TARGET PIP_PREFIX PIP_ROOT PIP_CONSTRAINT"
    kept = {k: v for k, v in os.environ.items() if k not in foreign.split()}
    kept["PATH"] = os.pathsep.join([str(PYTHON.parent), kept.get("PATH", "")])
    kept.update(VIRTUAL_ENV=str(VENV), PYTHONUTF8="1", JUPYTER_PREFER_ENV_PATH="1")
    kept["JUPYTER_CONFIG_PATH"] = str(ROOT / "settings")
    return kept


def run(*arguments: object) -> int:
    """Run the environment's Python in this folder to its end; return its exit code."""
    command = [str(PYTHON), *map(str, arguments)]
    program = subprocess.Popen(command, cwd=str(ROOT), env=environment())
    signal.signal(signal.SIGTERM, lambda *_: program.terminate())
    while True:
        with contextlib.suppress(KeyboardInterrupt):
            return program.wait()


def lab(options: argparse.Namespace) -> int:
    """Open the lessons in JupyterLab."""
    folders = {"ServerApp.root_dir": "notebooks", "LabApp.app_settings_dir": "settings"}
    arguments = [f"--{option}={ROOT / name}" for option, name in folders.items()]
    if options.port:
        check_port(options.port)
        arguments += [f"--port={options.port}", "--ServerApp.port_retries=0"]
    if options.no_browser:
        arguments += ["--no-browser"]
    prepare()
    print("JupyterLab is starting; Ctrl-C, typed twice in this window, stops it.")
    return run(*LAB.split(), *arguments)


def check_port(port: int) -> None:
    """Refuse a port that another program is using."""
    with socket.socket() as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise CourseError(PORT_TAKEN, port=port) from error


def setup(options: argparse.Namespace) -> int:
    """Install the packages, and no more."""
    prepare()
    print(f"All is ready; the course opens with {CALL}")
    return 0


def test(options: argparse.Namespace) -> int:
    """Run every test; what else is typed goes to pytest."""
    prepare()
    return run("-m", "pytest", "-n", "2", "--dist", "loadfile", *options.rest)


def build(options: argparse.Namespace) -> int:
    """Run the notebooks, with and without solutions, and store them."""
    prepare()
    check = ["--check"] if options.check else []
    return run("-m", "tools.build", *check, *options.names)


def bench(options: argparse.Namespace) -> int:
    """Measure sliders, steps, microscope, growth, course; README.md says what."""
    known = {path.stem: path for path in sorted(ROOT.glob("benchmarks/[!_]*.py"))}
    unknown = set(options.names) - set(known)
    if unknown:
        raise CourseError(NO_BENCHMARK, names=" ".join(unknown), known=", ".join(known))
    prepare()
    return max((run(known[name]) for name in options.names or known), default=0)


def parse(words: list) -> argparse.Namespace:
    """Return the command and its options."""
    parser = argparse.ArgumentParser(
        prog="course.py", description="Start the course. Without a command: lab."
    )
    commands = parser.add_subparsers(metavar="command")
    added = {}
    for action in (lab, setup, test, build, bench):
        name, about = action.__name__, action.__doc__
        added[name] = commands.add_parser(name, help=about, description=about)
        added[name].set_defaults(action=action)
    added["lab"].add_argument("--no-browser", action="store_true", help="only serve")
    added["lab"].add_argument("--port", type=int, help="serve at this port, no other")
    check = "store nothing; fail where what is stored is out of date"
    added["build"].add_argument("--check", action="store_true", help=check)
    for name in ("build", "bench"):
        added[name].add_argument("names", nargs="*", metavar="name", help="or all")
    if not words or words[0] not in (*added, "-h", "--help"):
        words = ["lab", *words]
    options, rest = parser.parse_known_args(words)
    if rest and options.action is not test:
        parser.error("unknown: " + " ".join(rest))
    return argparse.Namespace(rest=rest, **vars(options))


def main() -> int:
    """Do what was typed; say in one sentence why it cannot be done."""
    try:
        check_python(sys.version_info)
        for stream in (sys.stdout, sys.stderr):
            stream.reconfigure(errors="replace", line_buffering=True)  # type: ignore[union-attr]
        options = parse(sys.argv[1:])
        return options.action(options)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\nStopped; {CALL} starts again.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
