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
