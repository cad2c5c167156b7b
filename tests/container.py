"""Runs a command as a container would: without user namespaces, without any namespaces, or without Landlock.

    python -m tests.container user|all|landlock[,...] COMMAND...

A seccomp filter refuses the calls, for the command and all that it starts.
"""

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

from grader.sandbox import system

PLAIN_USER = 12_345
"""Who a command is run as that must not be root's."""
_CAPABILITIES = ("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP", "NET_BIND_SERVICE")
"""About those of root in a container of Docker."""
_CALLS = {"all": ["unshare", "setns", "mount", "pivot_root"], "landlock": ["landlock_create_ruleset"]}
_FLAGS = {"user": [system.CLONE_NEWUSER], "all": list(system._NAMESPACE_FLAGS)}


def refuse(kinds: list[str]) -> None:
    """Loads the filter."""
    lib = ctypes.CDLL("libseccomp.so.2")
    lib.seccomp_init.restype = ctypes.c_void_p
    lib.seccomp_rule_add_array.argtypes = [
        ctypes.c_void_p,
        ctypes.c_uint32,
        ctypes.c_int,
        ctypes.c_uint,
        ctypes.c_void_p,
    ]
    lib.seccomp_load.argtypes = [ctypes.c_void_p]
    context = lib.seccomp_init(system._ALLOW)

    def add(call: str, number: int, *comparisons: system._Compare) -> None:
        array = (system._Compare * len(comparisons))(*comparisons)
        syscall = lib.seccomp_syscall_resolve_name(call.encode())
        assert lib.seccomp_rule_add_array(context, system._ERRNO | number, syscall, len(comparisons), array) == 0, call

    for kind in kinds:
        for call in _CALLS.get(kind, []):
            add(call, 1 if kind == "all" else 38)
        for flag in _FLAGS.get(kind, []):
            add("clone", 1, system._Compare(0, system._MASKED_EQ, flag, flag))
            if kind == "user":
                add("unshare", 1, system._Compare(0, system._MASKED_EQ, flag, flag))
    add("clone3", 38)
    assert lib.seccomp_load(context) == 0


def refusing(kinds: str) -> list[str]:
    """What to put in front of a command, so that these calls are refused to it."""
    return [sys.executable, str(Path(__file__)), kinds]


def as_in_docker(kinds: str, *, root: bool) -> list[str]:
    """The same, in root's or a plain user's place in a container whose Python everybody can read.

    Raises:
        OSError: this system has no such place to offer.
    """
    if os.getuid() != 0:
        if root:
            raise OSError("only root can play the root of a container")
        return refusing(kinds)
    base = Path(sys.executable).resolve().parent.parent
    command = ["bwrap", "--dev-bind", "/", "/"]
    for folder in reversed(base.parents[:-1]):
        if not folder.stat().st_mode & 0o001:  # closed to others: show Python in it, and nothing else
            command += ["--perms", "0755", "--tmpfs", str(folder)]
            below = [path for path in reversed(base.parents) if path.is_relative_to(folder) and path != folder]
            command += [word for path in below for word in ("--perms", "0755", "--dir", str(path))]
            command += ["--ro-bind", str(base), str(base)]
            break
    command += ["--cap-drop", "ALL", *(word for name in _CAPABILITIES for word in ("--cap-add", f"CAP_{name}"))]
    user = [] if root else ["setpriv", f"--reuid={PLAIN_USER}", f"--regid={PLAIN_USER}", "--clear-groups"]
    if shutil.which("bwrap") is None or shutil.which("setpriv") is None:
        raise OSError("bubblewrap and setpriv are needed to play a container")
    command += [*user, *refusing(kinds)]
    tried = subprocess.run(
        [*command, sys.executable, "-c", "import grader"], check=False, capture_output=True, text=True
    )
    if tried.returncode:
        raise OSError(f"a container cannot be played here: {tried.stderr.strip().splitlines()[-1:]}")
    return command


if __name__ == "__main__":
    system.no_new_privileges()
    refuse(sys.argv[1].split(","))
    os.execvp(sys.argv[2], sys.argv[2:])
