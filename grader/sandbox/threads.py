"""Torch in forks: one thread, and a pool of threads that is whole before anybody needs it."""

import os


def work_on_one_thread() -> None:
    """Makes torch compute on one thread, here and in all forks of this process. Call it once.

    Small models gain nothing from threads, and on a busy machine threads that wait for each other cost a hundredfold.

    After a fork, the first two threads that use torch race for a new thread pool, and the loser raises "Invalid thread
    pool!". Libraries start such threads (`from_pretrained` with `device_map` does), so each fork gets its pool first.
    """
    import torch

    torch.set_num_threads(1)
    os.register_at_fork(after_in_child=lambda: torch.set_num_threads(torch.get_num_threads()))
