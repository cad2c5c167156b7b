"""The outer wall: what the fork server can see of this machine, as a bubblewrap command or as a view for Landlock."""

import os
import shutil
import sys
import sysconfig
from pathlib import Path

import grader
from grader.errors import SandboxError
from grader.offline import offline_environment
from grader.project import project_root
from grader.sandbox.inner import SCRATCH, View

OUTER_WALL, MEMORY_WATCH = "bubblewrap", "memory watch"
NAMESPACES, OWN_USER, SIGNAL_SCOPE = "namespaces", "own user", "signal scope"
ALL_WALLS = (OUTER_WALL, NAMESPACES, "limits", "landlock", "seccomp", MEMORY_WATCH)
STAND_INS = (OWN_USER, SIGNAL_SCOPE)
"""What parts submissions from one another where there are no namespaces."""
STUDENT_SIDE = ("__init__.py", "errors.py", "model.py", "protocol", "sandbox", "offline", "intake")
"""The parts of this package that the student side needs; the rest is not in its file system."""
NOBODY = 65534
SCRATCH_MB = 64
_KIT, _MODELS, _LIBRARIES = "/kit", "/models", "/libraries"
_START = "import sys; sys.path.insert(0, sys.argv.pop(1)); from grader.sandbox.{} import main; main(sys.argv[1:])"
_DEVICES = ("/dev/zero", "/dev/random", "/dev/urandom")
_SYSTEM = (
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/alternatives",
    "/etc/localtime",
)


def server_command(models: Path, walls: tuple[str, ...], module: str = "server") -> tuple[list[str], dict[str, str]]:
    """The command that starts a module of the student's side, and its whole environment.

    The last arguments (for the fork server channel and settings) are the caller's to append.

    Args:
        models: the folder with the laid-out models.
        walls: those that are to stand. Only `bubblewrap` among them makes a difference here.
        module: the module in `grader/sandbox/` whose `main` is called.

    Raises:
        SandboxError: bubblewrap is not installed, or Python lies where it cannot be shown.
    """
    package = Path(grader.__file__).resolve().parent
    options = ["-P", "-s", "-c", _START.format(module)]
    if OUTER_WALL not in walls:
        return [sys.executable, *options, str(package.parent)], _environment(models)
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise SandboxError("not installed")
    python, mounts, libraries = _interpreter(package)
    environment = _environment(Path(_MODELS)) | {"PYTHONPATH": ":".join(libraries)}
    command = [bwrap, *_namespaces(), *_system_files(walls), *mounts, *_parents(Path(_KIT, "grader", "x"))]
    for part in STUDENT_SIDE:
        command += ["--ro-bind", str(package / part), f"{_KIT}/grader/{part}"]
    command += ["--ro-bind", str(models), _MODELS]
    for name, value in environment.items():
        command += ["--setenv", name, value]
    # Started with an empty environment: a process keeps the one it was started with readable, whatever it clears.
    return [*command, "--chdir", "/", str(python), *options, _KIT], {}


def view(models: Path, walls: tuple[str, ...], scratch: str) -> View:
    """What Landlock is to leave of the files that the fork server can see.

    Args:
        models: the folder with the laid-out models.
        walls: those that are to stand.
        scratch: where submissions find or make their folder.
    """
    if OUTER_WALL in walls and NAMESPACES in walls:
        return View()
    if OUTER_WALL in walls:
        top = Path("/", *Path(sys.executable).resolve().parts[1:2])
        return View(readable=(*_SYSTEM, *_DEVICES, _KIT, _MODELS, _LIBRARIES, str(top)), scratch=scratch)
    package = Path(grader.__file__).resolve().parent
    python, _, _ = _interpreter(package)
    bases = {python.parent.parent, Path("/usr")}
    folders = {Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib")}
    beside = {folder for folder in folders if package.is_relative_to(folder)}  # the kit lies among these libraries
    if any(place.is_relative_to(base) for base in bases for place in (package, project_root())):
        raise SandboxError("the kit lies inside of this Python; Landlock cannot hide it there")
    readable = bases | folders - beside | {path for folder in beside for path in folder.iterdir() if path != package}
    readable |= {models.resolve(), *(package / part for part in STUDENT_SIDE)}
    return View(
        readable=(*_SYSTEM, *_DEVICES, *sorted(map(str, readable))),
        listable=(str(package), *sorted(map(str, beside))),
        scratch=scratch,
    )


def _namespaces() -> list[str]:
    flags = [
        "--unshare-pid",
        "--unshare-net",
        "--unshare-ipc",
        "--unshare-uts",
        "--unshare-cgroup-try",
        "--clearenv",
        "--die-with-parent",
        "--new-session",
        "--hostname",
        "playground",
    ]
    if os.getuid() == 0:  # root gives itself up inside, see the server's settings
        return [*flags, "--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    return [*flags, "--unshare-user"]


def _system_files(walls: tuple[str, ...]) -> list[str]:
    # Without namespaces, submissions have no file systems of their own over these, whose size is limited.
    cap = [] if NAMESPACES in walls else ["--size", str(SCRATCH_MB << 20)]
    arguments = [
        "--ro-bind",
        "/usr",
        "/usr",
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        "--perms",
        "1777",
        *cap,
        "--tmpfs",
        SCRATCH,
    ]
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


def _interpreter(package: Path) -> tuple[Path, list[str], list[str]]:
    """The real Python, how to mount it and its libraries, and where the libraries lie then.

    A virtual environment is not mounted as such but by its libraries: it may lie anywhere, also in a checkout or in
    a folder that the inner wall covers, and its links may lead through folders that are not there.
    """
    python = Path(sys.executable).resolve()
    base = python.parent.parent
    if any(base.is_relative_to(place) for place in ("/tmp", "/dev", "/proc")) or base == Path("/"):  # noqa: S108 - refused
        raise SandboxError(f"this Python lies in {base}, which submissions may not see; install it elsewhere")
    if base == Path.home() or project_root().is_relative_to(base):
        raise SandboxError(f"this Python lies in {base}, beside files that no submission may see; install it elsewhere")
    mounts = [] if base.is_relative_to("/usr") else [*_parents(base), "--ro-bind", str(base), str(base)]
    places: list[str] = []
    for number, folder in enumerate(sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})):
        real = Path(folder).resolve()
        place = Path(_LIBRARIES, str(number))
        if real.is_relative_to(base) or real.is_relative_to("/usr"):
            place = real
        else:
            mounts += [*_parents(place), "--ro-bind", str(real), str(place)]
        places.append(str(place))
        if package.is_relative_to(real):  # installed beside the libraries: hide it there
            mounts += ["--tmpfs", str(place / package.relative_to(real))]
    return python, mounts, places


def _parents(path: Path) -> list[str]:
    """Makes the folders above a mount; left alone, bubblewrap makes them for root only."""
    return [word for folder in reversed(path.parents[:-1]) for word in ("--perms", "0755", "--dir", str(folder))]


def _environment(models: Path) -> dict[str, str]:
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": "/tmp",  # noqa: S108 - the scratch folder
        "TMPDIR": "/tmp",  # noqa: S108 - likewise
        "USER": "student",
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",  # `list(set(...))` gives the same order in every run
        "PYTHONDONTWRITEBYTECODE": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        **offline_environment(models),
    }
