"""Limits on this process that nothing it runs can lift: files, network, memory.

Linux takes away files by Landlock, and the network, new processes and signals to
others by a filter of system calls; neither needs any right. Elsewhere only the limits
on memory and files hold; `fence` says in words what is open.
"""

import ctypes
import os
import struct
import sys
from collections.abc import Callable, Sequence

if sys.platform != "win32":
    import resource

__all__ = ["fence"]

MEMORY_BYTES = 3 * 2**30
NO_NEW_PRIVILEGES, SECCOMP, FILTER, PARENT_DEATH = 38, 22, 2, 1
KILL_SIGNAL, NOT_PERMITTED = 9, 1

# What an answer needs none of, by the number of the system call. One process can reach
# another by a socket, as a child, by a signal, or by looking into its memory.
ARCHITECTURES: dict[str, tuple[int, dict[str, int]]] = {
    "x86_64": (
        0xC000003E,
        {
            **{"socket": 41, "connect": 42, "bind": 49, "socketpair": 53},
            **{"clone": 56, "fork": 57, "vfork": 58, "clone3": 435},
            **{"execve": 59, "execveat": 322, "unshare": 272, "setns": 308},
            **{"kill": 62, "tkill": 200, "tgkill": 234, "pidfd_send_signal": 424},
            **{"rt_sigqueueinfo": 129, "rt_tgsigqueueinfo": 297},
            **{"ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311},
            **{"pidfd_open": 434, "pidfd_getfd": 438, "io_uring_setup": 425},
            **{"setrlimit": 160, "prlimit64": 302, "bpf": 321, "keyctl": 250},
            **{"chmod": 90, "fchmod": 91, "fchmodat": 268, "chown": 92, "utime": 132},
            **{"fchown": 93, "lchown": 94, "fchownat": 260, "utimensat": 280},
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            **{"socket": 198, "connect": 203, "bind": 200, "socketpair": 199},
            **{"clone": 220, "clone3": 435},
            **{"execve": 221, "execveat": 281, "unshare": 97, "setns": 268},
            **{"kill": 129, "tkill": 130, "tgkill": 131, "pidfd_send_signal": 424},
            **{"rt_sigqueueinfo": 138, "rt_tgsigqueueinfo": 240},
            **{"ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271},
            **{"pidfd_open": 434, "pidfd_getfd": 438, "io_uring_setup": 425},
            **{"setrlimit": 164, "prlimit64": 261, "bpf": 280, "keyctl": 219},
            **{"fchmod": 52, "fchmodat": 53, "fchownat": 54, "fchown": 55},
            **{"utimensat": 88},
        },
    ),
}
OTHER_ABI = 0x40000000  # of x86-64, with the same calls under other numbers

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # of Landlock
READ = 1 << 0 | 1 << 2 | 1 << 3  # run a file, read a file, read a folder
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}  # by version of Landlock: how many there are


def fence(seconds: float, readable: Sequence[str]) -> list[str]:
    """Limit this process for good; return in words what could not be limited.

    Parameters
    ----------
    seconds : float
        Of processor time.
    readable : strings
        The only folders and files that can be read from now on, and run.
    """
    steps: dict[str, Callable[[], bool]] = {
        "processor time, memory and files written": lambda: _limits(seconds),
        "reading of the teacher's files": lambda: _files(readable),
        "network, new processes and signals": _calls,
    }
    return [what for what, step in steps.items() if not _done(step)]


def _done(step: Callable[[], bool]) -> bool:
    try:
        return step()
    except (OSError, AttributeError, ValueError, KeyError):
        return False


def _limits(seconds: float) -> bool:
    if sys.platform == "win32":
        return False
    whole = int(seconds) + 1
    limits = {
        resource.RLIMIT_CPU: whole,
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_CORE: 0,
    }
    done = True
    for kind, most in limits.items():
        try:
            hard = resource.getrlimit(kind)[1]
            most = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (most, most))
        except (OSError, ValueError):
            done = done and kind == resource.RLIMIT_AS  # macOS has none
    return done


def _libc() -> ctypes.CDLL:
    if not sys.platform.startswith("linux"):
        raise OSError("only Linux has it")
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), "the system refuses")
    return result


def _files(readable: Sequence[str]) -> bool:
    """Take away all files but some."""
    libc = _libc()
    version = _checked(libc.syscall(CREATE_RULESET, None, 0, 1))
    rights = (1 << max(n for v, n in FILE_RIGHTS.items() if v <= version)) - 1
    fields = [rights, 3 if version >= 4 else 0, 3 if version >= 6 else 0]
    fields = fields[: 1 + (version >= 4) + (version >= 6)]
    about = struct.pack(f"<{len(fields)}Q", *fields)
    rules = _checked(libc.syscall(CREATE_RULESET, about, len(about), 0))
    for path in filter(os.path.exists, readable):
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        allowed = READ if os.path.isdir(path) else READ & ~(1 << 3)
        rule = struct.pack("<Qi", allowed, place)
        _checked(libc.syscall(ADD_RULE, rules, 1, rule, 0))
        os.close(place)
    _checked(libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    _checked(libc.syscall(RESTRICT_SELF, rules, 0))
    os.close(rules)
    return True


def _calls() -> bool:
    """Take away the system calls by which a process reaches others."""
    libc = _libc()
    architecture, numbers = ARCHITECTURES[os.uname().machine]
    _checked(libc.prctl(PARENT_DEATH, KILL_SIGNAL, 0, 0, 0))
    _drop_capabilities(libc)
    load, equal, above, end = 0x20, 0x15, 0x35, 0x06
    refuse, allow = 0x00050000 | NOT_PERMITTED, 0x7FFF0000
    refused = [(above, OTHER_ABI), *((equal, number) for number in numbers.values())]
    last = len(refused) + 4  # where it says: refused
    lines = [(load, 0, 0, 4), (equal, 0, last - 2, architecture), (load, 0, 0, 0)]
    for place, (test, number) in enumerate(refused, 3):
        lines.append((test, last - place - 1, 0, number))
    lines += [(end, 0, 0, allow), (end, 0, 0, refuse)]
    program = b"".join(struct.pack("<HBBI", *line) for line in lines)
    held = ctypes.create_string_buffer(program, len(program))
    about = struct.pack("@HP", len(lines), ctypes.addressof(held))
    _checked(libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    _checked(libc.prctl(SECCOMP, FILTER, about, 0, 0))
    return True


def _drop_capabilities(libc: ctypes.CDLL) -> None:
    """Leave the superuser no more rights than another user has."""
    header = struct.pack("<Ii", 0x20080522, 0)
    _checked(libc.capset(header, bytes(24)))
