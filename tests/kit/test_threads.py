"""Torch in forks: its pool of threads is whole before student code can start threads of its own."""

import os
import subprocess
import sys

PROBE = """
import os, threading
import torch
from grader.sandbox.threads import work_on_one_thread
work_on_one_thread()
calls, real = [], torch.set_num_threads
torch.set_num_threads = lambda count: (calls.append((count, threading.active_count())), real(count))
pid = os.fork()
if pid == 0:
    os._exit(0 if calls == [(1, 1)] and torch.get_num_threads() == 1 else 1)
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0, "a fork did not set its threads"
assert torch.get_num_threads() == 1 and not calls
"""


def test_every_fork_has_its_pool_of_threads_before_anything_else_runs():
    environment = os.environ | {"OMP_NUM_THREADS": "2"}
    subprocess.run([sys.executable, "-c", PROBE], env=environment, check=True, timeout=120)
