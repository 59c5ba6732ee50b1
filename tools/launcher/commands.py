"""The commands that one types after course.py."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tools.launcher.environment import Environment, clean_variables
from tools.launcher.lessons import PROGRESS, Lessons
from tools.launcher.requirements import EVERYTHING
from tools.launcher.sentences import (
    CALL,
    LEFT_OUT,
    NO_BENCHMARK,
    PORT_TAKEN,
    ROOT,
    CourseError,
)

LAB = (
    "-m jupyterlab --LabApp.default_url=/lab/tree/start_here.ipynb --allow-root"
    " --log-level=WARN --LabApp.log_level=WARN --LabApp.extension_manager=readonly"
    " --KernelManager.transport_encryption=auto"
)
COURSE = Path(__file__).resolve().parents[2]
OF_SOME = {"sliders", "memory", "hub"}  # of some explorers alone, of so many learners
OF_ONE = {"hub", "site"}  # an extra that only the command of its name needs
ONE_THREAD = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"
)
OF_THE_USER = (
    "JUPYTER_CONFIG_DIR JUPYTER_DATA_DIR JUPYTER_RUNTIME_DIR IPYTHONDIR MPLCONFIGDIR"
)

Options = argparse.Namespace


def lab(options: Options) -> int:
    """Open the lessons in JupyterLab."""
    place = ["--no-browser"] if options.no_browser else []
    if options.port:
        check_port(options.port)
        place += [f"--port={options.port}", "--ServerApp.port_retries=0"]
    prepare(options)
    lessons = lessons_of(options)
    for words in lessons.hand_out():
        print(words)
    folders = {
        "ServerApp.root_dir": lessons.folder,
        "LabApp.app_settings_dir": ROOT / "settings",
    }
    arguments = [f"--{option}={folder}" for option, folder in folders.items()]
    print("JupyterLab is starting; Ctrl-C, typed twice in this window, stops it.")
    variables = {"RNNLIB_PROGRESS": str(lessons.folder / PROGRESS), **ONE_THREAD}
    return run(options, *LAB.split(), *arguments, *place, variables=variables)


def check_port(port: int) -> None:
    """Refuse a port that another program is using."""
    with socket.socket() as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise CourseError(PORT_TAKEN, port=port) from error


def setup(options: Options) -> int:
    """Install the packages, and no more."""
    prepare(options, *([EVERYTHING] if options.all else []), again=options.again)
    print(f"All is ready; the course opens with {CALL}")
    return 0


def reset(options: Options) -> int:
    """Put lessons back as they were handed out; what was there is kept."""
    for name in options.names:
        print(lessons_of(options).reset(name))
    return 0


def pack(options: Options) -> int:
    """Collect the packages in a folder, for computers without a network."""
    prepare(options)
    systems = [f"--platform={name}" for name in options.platform]
    pythons = [f"--python={version}" for version in options.python]
    folder = str(options.folder.resolve())
    return run(options, "-m", "tools.launcher.packing", *systems, *pythons, folder)


def test(options: Options) -> int:
    """Run every test; what else is typed goes to pytest."""
    prepare(options, "test", "build", "bench", *sorted(OF_ONE))
    program = "-m", "pytest", "-n", "3", "--dist", "loadfile", *options.rest
    compiled = {"PYTHONDONTWRITEBYTECODE": ""}  # for hundreds of kernels and programs
    return run(options, *program, variables=compiled)


def build(options: Options) -> int:
    """Run the notebooks, with and without solutions, and store them."""
    prepare(options, "build")
    check = ["--check"] if options.check else []
    return run(options, "-m", "tools.build", *check, *options.names)


def bench(options: Options) -> int:
    """Measure sliders, memory, steps, scan, microscope, growth, course, hub, site."""
    known = {path.stem: path for path in sorted(ROOT.glob("benchmarks/[!_]*.py"))}
    wanted: list[list[str]] = []
    for name in options.names or known:
        if name in known:
            wanted.append([name])
        elif wanted and wanted[-1][0] in OF_SOME:
            wanted[-1].append(name)
        else:
            raise CourseError(NO_BENCHMARK, name=name, known=", ".join(known))
    names = [name for name, *_ in wanted]
    prepare(options, "test", "build", "bench", *extras_of(names))
    return max(run(options, known[name], *parts) for name, *parts in wanted)


def reference(options: Options) -> int:
    """Write what the library offers, from its docstrings, as pages to read offline."""
    prepare(options, "build")
    return run(options, "-m", "tools.reference", options.folder.resolve())


def site(options: Options) -> int:
    """Carry the course into a browser tab: a folder for any web server, or serve it."""
    from tools.site import serve  # not in the edition for learners

    folder = (options.folder or ROOT / "my_site").resolve()
    if not (options.serve and (folder / serve.MARK).is_file()):
        prepare(options, "site", "build")
        taken = [f"--pyodide={options.pyodide.resolve()}"] if options.pyodide else []
        fetch = ["--fetch"] if options.fetch else []
        code = run(options, "-m", "tools.site", folder, *taken, *fetch)
        if code or not options.serve:
            return code
    return serve.serve(folder, options.port or 0)


def exam(options: Options) -> int:
    """Print the sheet of a myth exam, for a class or for its teacher."""
    prepare(options)
    answers = ["--answers"] if options.answers else []
    page = [f"--html={options.html.resolve()}"] if options.html else []
    lessons = [f"--lessons={options.lessons}"] if options.lessons else []
    seed = f"--seed={options.seed}"
    return run(options, "-m", "rnncourse.exam", seed, *lessons, *answers, *page)


def class_(options: Options) -> int:
    """Hand out, grade, report, print, serve: the teacher's kit; alone, its commands."""
    prepare(options, "build", *extras_of(options.rest[:1]))
    here = {"PYTHONPATH": str(ROOT)}
    words = options.rest
    return run(options, "-m", "classroom", *words, variables=here, folder=Path.cwd())


COMMANDS: tuple[Callable[[Options], int], ...] = (
    lab,
    setup,
    reset,
    pack,
    test,
    build,
    bench,
    reference,
    site,
    exam,
    class_,
)
IN_FULL = {  # what a command runs, which is not in the edition for learners
    "test": "tests",
    "build": "tools/build.py",
    "bench": "benchmarks",
    "reference": "tools/reference",
    "site": "tools/site",
    "class": "classroom",
}
PASS_ON = {test, class_}  # what else is typed goes to a program of their own


def name_of(action: Callable[[Options], int]) -> str:
    """Return what one types for a command."""
    return action.__name__.rstrip("_")


def is_here(name: str) -> bool:
    """Return whether this course has what a command runs."""
    return (COURSE / IN_FULL.get(name, ".")).exists()


def prepare(options: Options, *extras: str, again: bool = False) -> None:
    """Install what a command needs, unless it is there."""
    environment_of(options).prepare(extras, wheels=options.wheels, again=again)


def extras_of(names: Sequence[str]) -> list[str]:
    """Return the extras that serve one command alone, and so have its name."""
    return [name for name in names if name in OF_ONE]


def environment_of(options: Options) -> Environment:
    """Return the environment: beside course.py, or where the learner may write."""
    folder = ROOT / ".venv"
    if options.to and not folder.exists() and not os.access(ROOT, os.W_OK):
        folder = options.to / ".venv"
    return Environment(ROOT, folder)


def lessons_of(options: Options) -> Lessons:
    """Return the learner's copies of the lessons."""
    return Lessons(ROOT / "notebooks", options.to or ROOT / "my_lessons")


def run(
    options: Options,
    *arguments: object,
    variables: dict[str, str] | None = None,
    folder: Path | None = None,
) -> int:
    """Run the environment's Python to its end, here or there; return its exit code."""
    environment = environment_of(options)
    command = [str(environment.python), *map(str, arguments)]
    program = subprocess.Popen(
        command,
        cwd=folder or ROOT,
        env={**variables_of(environment), **(variables or {})},
    )
    signal.signal(signal.SIGTERM, lambda *_: program.terminate())
    while True:
        with contextlib.suppress(KeyboardInterrupt):
            return program.wait()


def variables_of(environment: Environment) -> dict[str, str]:
    """Return the variables that the programs of the environment see."""
    kept = clean_variables()
    kept["PATH"] = os.pathsep.join(
        [str(environment.python.parent), kept.get("PATH", "")]
    )
    kept.update(VIRTUAL_ENV=str(environment.folder), PYTHONUTF8="1")
    kept.update(JUPYTER_PREFER_ENV_PATH="1", JUPYTER_CONFIG_PATH=str(ROOT / "settings"))
    home = Path.home()
    if not (home.is_dir() and os.access(home, os.W_OK)):
        instead = tempfile.mkdtemp(prefix="rnnlib-")
        kept.update(dict.fromkeys(OF_THE_USER.split(), instead))
    return kept


def parse(words: Sequence[str]) -> Options:
    """Return the command and its options."""
    shared = argparse.ArgumentParser(add_help=False)
    folder: dict[str, Any] = {"type": Path, "metavar": "FOLDER", "default": None}
    shared.add_argument(
        "--to", help="your lessons go there, not to my_lessons", **folder
    )
    shared.add_argument(
        "--from", dest="wheels", help="packages come from there: see pack", **folder
    )
    parser = argparse.ArgumentParser(
        prog="course.py",
        description="Start the course. Without a command: lab.",
        epilog="course.py COMMAND --help tells more of one command.",
    )
    commands = parser.add_subparsers(metavar="command")
    added = {}
    for action in COMMANDS:
        name, about = name_of(action), action.__doc__
        listed: dict[str, Any] = {"help": about} if is_here(name) else {}
        added[name] = commands.add_parser(
            name,
            **listed,
            description=about,
            parents=[shared],
            add_help=action is not class_,
        )
        added[name].set_defaults(action=action)
    added["lab"].add_argument("--no-browser", action="store_true", help="only serve")
    added["lab"].add_argument("--port", type=int, help="serve at this port, no other")
    for name, about in {
        "all": "also what tests, builds and measurements need",
        "again": "make the environment anew",
    }.items():
        added["setup"].add_argument(f"--{name}", action="store_true", help=about)
    added["reset"].add_argument("names", nargs="+", metavar="name", help="as 05")
    for name, what in {"pack": "packages", "reference": "pages"}.items():
        about = f"where the {what} go"
        added[name].add_argument("folder", type=Path, help=about, metavar="FOLDER")
    each: dict[str, Any] = {"action": "append", "default": []}
    added["pack"].add_argument(
        "--platform", help="as win_amd64; again for more", **each
    )
    added["pack"].add_argument("--python", help="as 3.12; again for more", **each)
    check = "store nothing; fail where what is stored is out of date"
    added["build"].add_argument("--check", action="store_true", help=check)
    place = "where the site goes; without it my_site, beside course.py"
    pages = added["site"]
    pages.add_argument("folder", nargs="?", help=place, **folder)
    carried = "a folder of Pyodide, which the site carries along"
    pages.add_argument("--pyodide", help=carried, **folder)
    for name, about in {
        "fetch": "fill that folder from Pyodide's public release first",
        "serve": "serve the site on this computer; build it if it is not there",
    }.items():
        pages.add_argument(f"--{name}", action="store_true", help=about)
    pages.add_argument("--port", type=int, help="serve at this port, not at a free one")
    sheet = added["exam"]
    sheet.add_argument(
        "--seed", type=int, required=True, metavar="N", help="draws the cards"
    )
    about = "draw from these alone, as 00-04 or 00,02,05"
    sheet.add_argument("--lessons", metavar="NN-NN", help=about)
    sheet.add_argument("--answers", action="store_true", help="the teacher's sheet")
    sheet.add_argument("--html", type=Path, metavar="FILE", help="a page to print")
    for name, such in {"build": "as 05 or glossary", "bench": "as sliders"}.items():
        about = f"{such}; without a name, all"
        added[name].add_argument("names", nargs="*", metavar="name", help=about)
    if not words or words[0] not in (*added, "-h", "--help"):
        words = ["lab", *words]
    options, rest = parser.parse_known_args(words)
    if rest and options.action not in PASS_ON:
        parser.error("unknown: " + " ".join(rest))
    if options.action is site and options.fetch and not options.pyodide:
        pages.error("--fetch needs --pyodide FOLDER, the folder that it fills")
    for name in ("to", "wheels"):
        if getattr(options, name):
            setattr(options, name, getattr(options, name).resolve())
    return Options(rest=rest, **vars(options))


def main(words: Sequence[str]) -> int:
    """Do what was typed; say in one sentence why it cannot be done."""
    try:
        for stream in (sys.stdout, sys.stderr):
            stream.reconfigure(errors="replace", line_buffering=True)  # type: ignore[union-attr]
        options = parse(words)
        action: Callable[[Options], int] = options.action
        if not is_here(name_of(action)):
            raise CourseError(LEFT_OUT, name=name_of(action))
        return action(options)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\nStopped; {CALL} starts again.", file=sys.stderr)
        return 130
