"""The few system calls that Python 3.11 does not offer: namespaces, mounts, capabilities, Landlock, seccomp."""

import ctypes
import ctypes.util
import os
import struct
from collections.abc import Sequence

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x02000000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
ALL_NAMESPACES = (
    CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET
)
_MS_NOSUID, _MS_NODEV = 2, 4
_PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS, _PR_SET_CHILD_SUBREAPER = 4, 38, 36
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
CAP_SETGID, CAP_SETUID = 6, 7
_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def set_dumpable(value: bool) -> None:
    """Whether other processes of the same user may look into this one."""
    _check(_libc.prctl(_PR_SET_DUMPABLE, int(value), 0, 0, 0), "prctl(dumpable)")


def no_new_privileges() -> None:
    """No exec may ever gain rights again."""
    _check(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl(no_new_privs)")


def adopt_orphans() -> None:
    """Orphaned descendants become children of this process."""
    _check(_libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "prctl(child_subreaper)")


def unshare(flags: int) -> None:
    """New namespaces for this process (pid: for its children)."""
    _check(_libc.unshare(flags), "unshare")


def mount_tmpfs(target: str, size_mb: int) -> None:
    """An empty file system in memory over `target`."""
    options = f"size={size_mb}m,nr_inodes=20000,mode=0700".encode()
    _check(_libc.mount(b"tmpfs", target.encode(), b"tmpfs", _MS_NOSUID | _MS_NODEV, options), f"mount {target}")


def drop_capabilities(keep: Sequence[int] = ()) -> None:
    """Gives up every capability but those in `keep`, those in the own user namespace too."""
    header = struct.pack("Ii", 0x20080522, 0)  # version 3, this process
    kept = sum(1 << capability for capability in keep)
    _check(_libc.capset(header, struct.pack("6I", kept, kept, 0, 0, 0, 0)), "capset")


# --- memory -------------------------------------------------------------------------------

_MADV_COLLAPSE = 25
HUGE_PAGE = 2 << 20


def use_huge_pages() -> int:
    """Puts this process's private memory into huge pages, so that a fork has 500 times fewer pages to copy and to drop.

    A fork of a process with 400 MB takes 3 ms instead of 15, its end 4 ms instead of 17. Where the kernel cannot do it
    (before Linux 6.1, or in parts of the memory) everything stays as it was.

    Returns:
        How many huge pages came about.
    """
    made = 0
    with open("/proc/self/maps", encoding="ascii") as file:  # noqa: PTH123
        areas = [line.split()[:2] for line in file]
    for place, rights in areas:
        start, end = (int(number, 16) for number in place.split("-"))
        if rights == "rw-p":
            for page in range(-(-start // HUGE_PAGE) * HUGE_PAGE, end - HUGE_PAGE + 1, HUGE_PAGE):
                made += _libc.madvise(ctypes.c_void_p(page), ctypes.c_size_t(HUGE_PAGE), _MADV_COLLAPSE) == 0
    return made


# --- Landlock (https://docs.kernel.org/userspace-api/landlock.html) ---------------------

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR, _TRUNCATE = 1, 1 << 1, 1 << 2, 1 << 3, 1 << 14
_ALL_FS_V1, _REFER = (1 << 13) - 1, 1 << 13
_NET_BIND_CONNECT, _SCOPE_ABSTRACT_UNIX_AND_SIGNAL = 3, 3


def landlock(readable: Sequence[str], writable: Sequence[str], listable: Sequence[str] = ()) -> int:
    """Only these trees can be read, only those written, from now on. Returns the ABI version of the kernel.

    With ABI 4 TCP is refused as well, with ABI 6 signals and abstract sockets to processes outside. In `listable`
    trees only the names can be read.

    Raises:
        OSError: the kernel has no Landlock.
    """
    abi = _check(_libc.syscall(_LANDLOCK_CREATE, None, 0, 1), "landlock")
    fs = _ALL_FS_V1 | (_REFER if abi >= 2 else 0) | (_TRUNCATE if abi >= 3 else 0)
    net = _NET_BIND_CONNECT if abi >= 4 else 0
    scope = _SCOPE_ABSTRACT_UNIX_AND_SIGNAL if abi >= 6 else 0
    attributes = struct.pack("QQQ", fs, net, scope)
    size = 24 if scope else 16 if net else 8
    ruleset = _check(_libc.syscall(_LANDLOCK_CREATE, attributes[:size], size, 0), "landlock_create_ruleset")
    rules = [(path, _EXECUTE | _READ_FILE | _READ_DIR) for path in readable] + [(path, fs) for path in writable]
    rules += [(path, _READ_DIR) for path in listable]
    for path, access in rules:
        target = os.open(path, os.O_PATH | os.O_CLOEXEC)
        allowed = access if os.path.isdir(path) else access & (_EXECUTE | _WRITE_FILE | _READ_FILE | (fs & _TRUNCATE))  # noqa: PTH112
        rule = struct.pack("=Qi", allowed, target)
        _check(_libc.syscall(_LANDLOCK_ADD, ruleset, 1, rule, 0), f"landlock_add_rule {path}")
        os.close(target)
    _check(_libc.syscall(_LANDLOCK_RESTRICT, ruleset, 0), "landlock_restrict_self")
    os.close(ruleset)
    return abi


def landlock_scope() -> None:
    """No signal reaches a process that is not in this domain or in one made inside of it, from now on.

    Raises:
        OSError: the kernel is older than Linux 6.12.
    """
    if _check(_libc.syscall(_LANDLOCK_CREATE, None, 0, 1), "landlock") < 6:
        raise OSError("landlock has no signal scope before Linux 6.12")
    attributes = struct.pack("QQQ", 0, 0, _SCOPE_ABSTRACT_UNIX_AND_SIGNAL)
    ruleset = _check(_libc.syscall(_LANDLOCK_CREATE, attributes, len(attributes), 0), "landlock_create_ruleset")
    _check(_libc.syscall(_LANDLOCK_RESTRICT, ruleset, 0), "landlock_restrict_self")
    os.close(ruleset)


# --- seccomp, through libseccomp: it knows the numbers of every architecture ---------------

# memfd and System V segments would be memory that no limit of a process sees.
_REFUSED = [
    "acct",
    "add_key",
    "adjtimex",
    "bpf",
    "chroot",
    "clock_adjtime",
    "clock_settime",
    "delete_module",
    "fanotify_init",
    "finit_module",
    "fsconfig",
    "fsmount",
    "fsopen",
    "fspick",
    "init_module",
    "io_setup",
    "io_submit",
    "io_uring_enter",
    "io_uring_register",
    "io_uring_setup",
    "ioperm",
    "iopl",
    "kcmp",
    "kexec_file_load",
    "kexec_load",
    "keyctl",
    "lookup_dcookie",
    "mbind",
    "memfd_create",
    "memfd_secret",
    "migrate_pages",
    "modify_ldt",
    "mount",
    "mount_setattr",
    "move_mount",
    "move_pages",
    "msgget",
    "name_to_handle_at",
    "nfsservctl",
    "open_by_handle_at",
    "open_tree",
    "perf_event_open",
    "personality",
    "pidfd_getfd",
    "pivot_root",
    "process_madvise",
    "process_vm_readv",
    "process_vm_writev",
    "ptrace",
    "quotactl",
    "quotactl_fd",
    "reboot",
    "request_key",
    "sched_setattr",
    "sched_setscheduler",
    "semget",
    "set_mempolicy",
    "setdomainname",
    "sethostname",
    "setns",
    "settimeofday",
    "shmget",
    "splice",
    "swapoff",
    "swapon",
    "syslog",
    "tee",
    "umount",
    "umount2",
    "unshare",
    "uselib",
    "userfaultfd",
    "vhangup",
    "vmsplice",
]
_REFUSED_TO_THOSE_WHO_SHARE = {
    # No namespaces: queues and segments that are there already, sockets that have a path, names in foreign folders,
    # attributes of files that anybody may write (Landlock does not look at these).
    "ipc": [
        "accept",
        "accept4",
        "bind",
        "connect",
        "fremovexattr",
        "fsetxattr",
        "inotify_add_watch",
        "inotify_init",
        "inotify_init1",
        "ioprio_set",
        "listen",
        "lremovexattr",
        "lsetxattr",
        "mq_notify",
        "mq_open",
        "mq_timedreceive",
        "mq_timedsend",
        "mq_unlink",
        "msgctl",
        "msgrcv",
        "msgsnd",
        "removexattr",
        "removexattrat",
        "sched_setparam",
        "semctl",
        "semop",
        "semtimedop",
        "setpriority",
        "setxattr",
        "setxattrat",
        "shmat",
        "shmctl",
        "socket",
        "truncate",
    ],
    # No user of its own either: what else changes a file by its name alone.
    "user": [
        "chmod",
        "chown",
        "fchmod",
        "fchmodat",
        "fchmodat2",
        "fchown",
        "fchownat",
        "futimesat",
        "lchown",
        "utime",
        "utimensat",
        "utimes",
    ],
}
_EPERM, _ENOSYS = 1, 38
_AF_UNIX = 1
_SOCK_TYPE, _SOCK_DGRAM, _SOCK_RAW = 0xF, 2, 3
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C
_NAMESPACE_FLAGS = (
    0x00000080,
    CLONE_NEWNS,
    CLONE_NEWCGROUP,
    CLONE_NEWUTS,
    CLONE_NEWIPC,
    CLONE_NEWUSER,
    CLONE_NEWPID,
    CLONE_NEWNET,
)
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_NE, _EQ, _MASKED_EQ = 1, 4, 7


class _Compare(ctypes.Structure):
    _fields_ = (("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64))


def seccomp(shares: Sequence[str] = ()) -> None:
    """Refuses the calls that a calculation never needs; 32-bit calls end the process.

    Args:
        shares: `ipc` and `user`, where the submission has these in common with the rest of the system.

    Raises:
        OSError: libseccomp is not installed, or the kernel refuses the filter.
    """
    lib = _libseccomp()
    context = lib.seccomp_init(_ALLOW)

    def refuse(call: str, number: int = _EPERM, *comparisons: _Compare) -> None:
        syscall = lib.seccomp_syscall_resolve_name(call.encode())
        if syscall == -1:  # not known to this libseccomp: then the kernel's numbers are unknown to it as well
            return
        array = (_Compare * len(comparisons))(*comparisons)
        if lib.seccomp_rule_add_array(context, _ERRNO | number, syscall, len(comparisons), array) < 0:
            raise OSError(f"seccomp: no rule for {call}")

    for call in (*_REFUSED, *(call for what in shares for call in _REFUSED_TO_THOSE_WHO_SHARE[what])):
        refuse(call)
    refuse("clone3", _ENOSYS)  # its flags lie in memory, out of reach of a filter; the C library falls back to clone
    for flag in _NAMESPACE_FLAGS:
        refuse("clone", _EPERM, _Compare(0, _MASKED_EQ, flag, flag))
    refuse("socket", _EPERM, _Compare(0, _NE, _AF_UNIX, 0))
    refuse("prlimit64", _EPERM, _Compare(0, _NE, 0, 0))  # the limits of another process
    for request in (_TIOCSTI, _TIOCLINUX):
        refuse("ioctl", _EPERM, _Compare(1, _MASKED_EQ, 0xFFFFFFFF, request))
    if shares:
        for kind in (_SOCK_DGRAM, _SOCK_RAW):  # of a pair, only these can still be sent to another address
            refuse("socketpair", _EPERM, _Compare(1, _MASKED_EQ, _SOCK_TYPE, kind))
        refuse("sched_setaffinity", _EPERM, _Compare(0, _NE, 0, 0))  # of another process
        refuse("prctl", _EPERM, _Compare(0, _EQ, _PR_SET_DUMPABLE, 0))  # would hide its memory from the watch
    loaded = lib.seccomp_load(context)
    lib.seccomp_release(context)
    if loaded < 0:
        raise OSError("seccomp: the kernel refused the filter")


def _libseccomp() -> ctypes.CDLL:
    lib = ctypes.CDLL(ctypes.util.find_library("seccomp") or "libseccomp.so.2")
    lib.seccomp_init.restype = ctypes.c_void_p
    lib.seccomp_rule_add_array.argtypes = [
        ctypes.c_void_p,
        ctypes.c_uint32,
        ctypes.c_int,
        ctypes.c_uint,
        ctypes.c_void_p,
    ]
    lib.seccomp_load.argtypes = lib.seccomp_release.argtypes = [ctypes.c_void_p]
    return lib
