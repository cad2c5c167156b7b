# %% [prelude]
import ctypes, os, signal, socket
vocab, word2id, id2word = [], {}, {}
libc = ctypes.CDLL(None, use_errno=True)
done = []
def attempt(what, action):
    try:
        result = action()
        if result is None or (isinstance(result, int) and result >= 0) or not isinstance(result, int):
            done.append(what)
    except OSError:
        pass

# %% [1.1 errored] opens sockets to the network
for family in (2, 10, 16, 17, 38, 40):
    for kind in (1, 2, 3):
        attempt(f"socket {family} {kind}", lambda: socket.socket(family, kind))
attempt("connect", lambda: socket.create_connection(("127.0.0.1", 22), 1))
attempt("resolve", lambda: socket.getaddrinfo("localhost", 80, socket.AF_INET)[999:] or -1)
raise RuntimeError(f"BREACH {done}" if done else "nothing went")

# %% [1.1 errored] makes namespaces, mounts and other roots
for number, name in ((272, "unshare"), (308, "setns"), (165, "mount"), (166, "umount"), (155, "pivot_root"), (161, "chroot"), (428, "open_tree")):
    attempt(name, lambda: libc.syscall(number, 0x10000000, 0, 0, 0, 0))
for flag in (0x00020000, 0x10000000, 0x20000000, 0x40000000):
    attempt(f"clone {flag:x}", lambda: libc.syscall(56, flag | 17, 0, 0, 0, 0))
attempt("umount tmp", lambda: libc.umount2(b"/tmp", 2))
attempt("setuid", lambda: os.setuid(0))
attempt("setgroups", lambda: os.setgroups([0]))
raise RuntimeError(f"BREACH {done}" if done else "nothing went")

# %% [1.1 errored] looks into other processes, and loads code into the kernel
for number, name in ((101, "ptrace"), (310, "vm_readv"), (311, "vm_writev"), (321, "bpf"), (298, "perf"), (323, "userfaultfd"), (425, "io_uring"),
                     (250, "keyctl"), (438, "pidfd_getfd"), (304, "open_by_handle"), (175, "init_module"), (246, "kexec")):
    attempt(name, lambda: libc.syscall(number, 1, 1, 0, 0, 0))
attempt("prlimit", lambda: libc.syscall(302, 1, 7, 0, 0))
attempt("nice", lambda: os.setpriority(os.PRIO_PROCESS, 0, -10))
attempt("TIOCSTI", lambda: libc.ioctl(0, 0x5412, b"x"))
raise RuntimeError(f"BREACH {done}" if done else "nothing went")

# %% [1.1 errored] reaches for shared memory, unix sockets and devices
for path in ("/run/docker.sock", "/var/run/dbus/system_bus_socket", "/tmp/.X11-unix/X0", "\0/tmp/dbus"):
    attempt(path, lambda: socket.socket(socket.AF_UNIX).connect(path))
for path in ("/dev/mem", "/dev/kmem", "/dev/sda", "/dev/vda", "/dev/kvm", "/dev/fuse", "/dev/net/tun", "/dev/ptmx", "/dev/tty"):
    attempt(path, lambda: os.open(path, os.O_RDWR))
attempt("shmget", lambda: libc.shmget(0, 1 << 20, 0o1600))
attempt("mknod", lambda: os.mknod("/tmp/device", 0o60600, os.makedev(8, 0)))
attempt("setuid file", lambda: -1 if os.spawnv(os.P_WAIT, "/usr/bin/su", ["su", "-c", "id"]) else None)
raise RuntimeError(f"BREACH {done}" if done else "nothing went")

# %% [1.1 errored] writes wherever it can
for folder in ("/", "/usr/bin", "/usr/lib", "/kit/grader", "/models", "/etc", "/dev", "/proc", "/work", "/root", "/home", "/var/tmp", "/run", os.path.dirname(os.__file__)):
    attempt(folder, lambda: open(f"{folder}/breach", "w").close())
    attempt(f"chmod {folder}", lambda: os.chmod(folder, 0o777) if folder != "/proc" else -1)  # an empty folder of its own
    attempt(f"rename {folder}", lambda: os.rename(folder, "/tmp/moved"))
raise RuntimeError(f"BREACH {done}" if done else "nothing went")

# %% [1.1 errored] changes files that are open to everybody, by name and by link
TRAPS = "/tmp/lm-red-traps"
attempt("write", lambda: open(f"{TRAPS}/writable", "w").close())
attempt("truncate", lambda: os.truncate(f"{TRAPS}/writable", 0))
attempt("append by fifo", lambda: os.close(os.open(f"{TRAPS}/fifo", os.O_WRONLY | os.O_NONBLOCK)))
attempt("new file", lambda: open(f"{TRAPS}/breach", "w").close())
attempt("rename", lambda: os.rename(f"{TRAPS}/writable", f"{TRAPS}/breach"))
attempt("unlink", lambda: os.unlink(f"{TRAPS}/writable"))
attempt("hard link", lambda: os.link(f"{TRAPS}/writable", "link"))
attempt("mkdir", lambda: os.mkdir(f"{TRAPS}/breach"))
os.symlink(f"{TRAPS}/writable", "symbolic")
attempt("through a link", lambda: open("symbolic", "w").close())
attempt("through a link of a folder", lambda: (os.symlink(TRAPS, "folder"), open("folder/breach", "w").close()))
for path in (f"{TRAPS}/writable", "/usr/bin/env", os.__file__, *os.sys.path):
    attempt(f"chmod {path}", lambda: os.chmod(path, 0o777) if path else -1)
    attempt(f"chown {path}", lambda: os.chown(path, os.getuid(), os.getgid()) if path and os.stat(path).st_uid != os.getuid() else -1)
    attempt(f"setxattr {path}", lambda: os.setxattr(path, "user.x", b"1") if path else -1)
attempt("times", lambda: os.utime(f"{TRAPS}/writable", (0, 0)))
raise RuntimeError(f"BREACH {done}" if done else "nothing went")

# %% [1.1 errored] speaks to sockets that have a path
TRAPS = "/tmp/lm-red-traps"
for name in ("stream", "datagram"):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET, socket.SOCK_RAW):
        attempt(f"connect {name}", lambda: socket.socket(socket.AF_UNIX, kind).connect(f"{TRAPS}/{name}"))
        attempt(f"send {name}", lambda: socket.socketpair(socket.AF_UNIX, kind)[0].sendto(b"BREACH", f"{TRAPS}/{name}"))
        attempt(f"turn {name}", lambda: socket.socketpair(socket.AF_UNIX, kind)[0].connect(f"{TRAPS}/{name}"))
        attempt(f"message {name}", lambda: socket.socketpair(socket.AF_UNIX, kind)[0].sendmsg([b"BREACH"], [], 0, f"{TRAPS}/{name}"))
attempt("abstract", lambda: socket.socket(socket.AF_UNIX).connect("\0lm-red-abstract"))
attempt("watch", lambda: libc.syscall(254, libc.syscall(253), f"{TRAPS}".encode(), 0xFFF) if os.path.exists(TRAPS) else -1)
raise RuntimeError(f"BREACH {done}" if done else "nothing went")

# %% [1.1 failed|crashed|timed_out] signals everybody by every call there is
import fcntl
own = os.getpid()
near = {*range(2, 300), *range(max(2, own - 2000), own + 50), os.getppid()} - {own, 1}
left, right = socket.socketpair()
for pid in near:
    for action in (lambda: os.kill(pid, signal.SIGSTOP), lambda: os.kill(pid, signal.SIGKILL), lambda: os.killpg(pid, signal.SIGKILL),
                   lambda: libc.syscall(200, pid, 9), lambda: libc.syscall(234, pid, pid, 9), lambda: signal.pidfd_send_signal(os.pidfd_open(pid), 9)):
        try:
            action()
        except OSError:
            pass
    try:  # by the owner of a descriptor
        fcntl.fcntl(left, fcntl.F_SETOWN, pid)
        fcntl.fcntl(left, 10, signal.SIGKILL)
        fcntl.fcntl(left, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
        right.send(b"x")
        left.recv(1)
        fcntl.fcntl(left, fcntl.F_SETOWN, 0)
    except OSError:
        pass
def encode(text):
    os.kill(-1, signal.SIGKILL)
    return []
decode = encode

# %% [1.1 failed|crashed|timed_out] slows everybody down, and takes their cores and rights
for pid in {*range(1, 300), *range(max(2, os.getpid() - 2000), os.getpid() + 50), os.getppid()} - {os.getpid()}:
    for action in (lambda: os.setpriority(os.PRIO_PROCESS, pid, 19), lambda: os.sched_setaffinity(pid, {0}), lambda: libc.syscall(251, 1, pid, 3 << 13),
                   lambda: libc.syscall(302, pid, 7, (ctypes.c_uint64 * 2)(0, 0), 0), lambda: libc.syscall(302, pid, 9, (ctypes.c_uint64 * 2)(0, 0), 0),
                   lambda: libc.syscall(142, pid, (ctypes.c_int * 1)(0)), lambda: os.setpgid(pid, pid)):
        try:
            action()
        except OSError:
            pass
for who in (os.PRIO_USER, os.PRIO_PGRP):
    try:
        os.setpriority(who, 0, 19)
    except OSError:
        pass
def encode(text): return []
decode = encode

# %% [1.1 errored] runs programs that have more rights than it has, and gives them its own libraries
import subprocess
open("x.c", "w").close()
for command in (["su", "-c", "id"], ["sudo", "-n", "id"], ["mount", "-t", "tmpfs", "x", "/mnt"], ["unshare", "-Ur", "id"], ["bwrap", "--dev-bind", "/", "/", "id"],
                ["newuidmap", "1", "0", "0", "1"], ["pkexec", "id"], ["crontab", "x.c"], ["ssh", "localhost"], ["nsenter", "-t", "1", "-m", "-p", "id"]):
    try:
        ended = subprocess.run(command, env={"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LD_PRELOAD": "/tmp/x.so"}, capture_output=True, timeout=3, stdin=subprocess.DEVNULL)
        if ended.returncode == 0:
            done.append(command)
    except (OSError, subprocess.TimeoutExpired):
        pass
raise RuntimeError(f"BREACH {done}" if done else "nothing went")
