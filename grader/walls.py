"""The outer wall: what the fork server can see of this machine, as a bubblewrap command."""

import os
import shutil
import sys
from pathlib import Path

import grader
from grader.errors import SandboxError
from grader.offline import offline_environment
from grader.project import project_root

INNER_WALLS = ("namespaces", "limits", "landlock", "seccomp")
OUTER_WALL = "bubblewrap"
MEMORY_WATCH = "memory watch"
ALL_WALLS = (OUTER_WALL, *INNER_WALLS, MEMORY_WATCH)
STUDENT_SIDE = ("__init__.py", "errors.py", "model.py", "wire.py", "sandbox", "offline", "intake")
"""The parts of this package that the student side needs; the rest is not in its file system."""
NOBODY = 65534
_KIT, _MODELS = "/kit", "/models"
_START = "import sys; sys.path.insert(0, sys.argv.pop(1)); from grader.sandbox.server import main; main(sys.argv[1:])"


def server_command(models: Path, *, sandboxed: bool) -> tuple[list[str], dict[str, str]]:
    """The command that starts the fork server, and its whole environment.

    The two last arguments (channel and settings) are the caller's to append.

    Raises:
        SandboxError: bubblewrap is not installed.
    """
    package = Path(grader.__file__).resolve().parent
    python = [sys.executable, "-P", "-s", "-c", _START]
    if not sandboxed:
        return [*python, str(package.parent)], _environment(models)
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise SandboxError(
            "bubblewrap is not installed, so submissions cannot be walled in. Install it (Debian: `apt-get install "
            "bubblewrap`), or pass --no-sandbox if you trust every submission; such scores are marked unproven."
        )
    environment = _environment(Path(_MODELS))
    command = [bwrap, *_namespaces(), *_system_files(), *_interpreter(), *_parents(Path(_KIT, "grader", "x"))]
    for part in STUDENT_SIDE:
        command += ["--ro-bind", str(package / part), f"{_KIT}/grader/{part}"]
    command += ["--ro-bind", str(models), _MODELS]
    for name, value in environment.items():
        command += ["--setenv", name, value]
    # Started with an empty environment: a process keeps the one it was started with readable, whatever it clears.
    return [*command, "--chdir", "/", *python, _KIT], {}


def _namespaces() -> list[str]:
    flags = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--clearenv",
             "--die-with-parent", "--new-session", "--hostname", "playground"]  # fmt: skip
    if os.getuid() == 0:  # root gives itself up inside, see the server's settings
        return [*flags, "--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    return [*flags, "--unshare-user"]


def _system_files() -> list[str]:
    arguments = ["--ro-bind", "/usr", "/usr", "--proc", "/proc", "--dev", "/dev",
                 "--perms", "1777", "--tmpfs", "/tmp"]  # noqa: S108
    for name in ("bin", "sbin", "lib", "lib32", "lib64"):
        path = Path("/", name)
        if path.is_symlink():
            arguments += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            arguments += ["--ro-bind", str(path), str(path)]
    for name in ("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime"):
        arguments += ["--ro-bind-try", name, name]
    # /usr may hold a checkout or the data of a site; programs need neither of these.
    return [*arguments, "--tmpfs", "/usr/local/src", "--tmpfs", "/usr/src"] if Path("/usr/src").is_dir() else arguments


def _interpreter() -> list[str]:
    arguments: list[str] = []
    prefixes = {Path(name).resolve() for name in (sys.prefix, sys.base_prefix)}
    prefixes.add(Path(sys.executable).resolve().parent.parent)
    for prefix in sorted(prefixes):
        if prefix in (Path("/"), Path.home()) or project_root().is_relative_to(prefix):
            raise SandboxError(f"this Python lies in {prefix}, beside files that no submission may see; use a virtual "
                               "environment made by `python -m venv`")
        if not prefix.is_relative_to("/usr"):
            arguments += [*_parents(prefix), "--ro-bind", str(prefix), str(prefix)]
    package = Path(grader.__file__).resolve().parent
    if any(package.is_relative_to(prefix) for prefix in prefixes):  # installed beside the libraries: hide it there
        arguments += ["--tmpfs", str(package)]
    return arguments


def _parents(path: Path) -> list[str]:
    """Makes the folders above a mount; left alone, bubblewrap makes them for root only."""
    return [word for folder in reversed(path.parents[:-1]) for word in ("--perms", "0755", "--dir", str(folder))]


def _environment(models: Path) -> dict[str, str]:
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": "/tmp",  # noqa: S108 - the scratch folder
        "TMPDIR": "/tmp",  # noqa: S108
        "USER": "student",
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",  # `list(set(...))` gives the same order in every run
        "PYTHONDONTWRITEBYTECODE": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        **offline_environment(models),
    }
