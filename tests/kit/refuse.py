"""Runs a command as a container would: without user namespaces, without any, or without Landlock.

    python -m tests.kit.refuse user|all|landlock[,...] COMMAND...

A seccomp filter refuses the calls, for the command and all that it starts.
"""

import ctypes
import os
import sys

from grader.sandbox import system

_CALLS = {"all": ["unshare", "setns", "mount", "pivot_root"], "landlock": ["landlock_create_ruleset"]}
_FLAGS = {"user": [system.CLONE_NEWUSER], "all": list(system._NAMESPACE_FLAGS)}


def refuse(kinds: list[str]) -> None:
    """Loads the filter."""
    lib = ctypes.CDLL("libseccomp.so.2")
    lib.seccomp_init.restype = ctypes.c_void_p
    lib.seccomp_rule_add_array.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint, ctypes.c_void_p]
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


if __name__ == "__main__":
    system.no_new_privileges()
    refuse(sys.argv[1].split(","))
    os.execvp(sys.argv[2], sys.argv[2:])
