"""Fills the holes in this process's memory, so that what its forks make lies close together.

A process that has imported much has free blocks all over its memory, and both Python and the C library hand these out
first. A fork that writes to one must copy the page around it, and where that page is part of a huge one, the kernel
takes the huge one apart: 512 entries for each later fork to copy and to drop. With the holes filled, new objects come
from fresh pages, one after the other.
"""

import ctypes
from bisect import bisect
from collections.abc import Callable, Iterator

_HEADER = bytes(0).__sizeof__()
_SMALL_OBJECT, _STEP = 512, 16
"""Python's own allocator: its largest block, and the distance between its sizes."""
_MOST = 4_000_000
"""Blocks of one size; more than there are in any process that forks well."""
_LARGEST_C_BLOCK, _LARGEST_LISTED_C_BLOCK = 128 << 10, 1032
"""Larger ones come from the kernel; up to the second the C library keeps a list for each size."""
_filled: list[object] = []
_libc = ctypes.CDLL(None)


def fill_holes() -> None:
    """Takes every free block that lies between others, for good. Call it once, before the process forks.

    On a C library that does not say what it holds, only Python's own blocks are taken.
    """
    _fill_python()
    if hasattr(_libc, "mallinfo2"):  # glibc 2.33 or newer
        _fill_c()


def _fill_python() -> None:
    known = _mapped_areas()
    starts = [start for start, _ in known]

    def is_old(thing: object) -> bool:
        place = id(thing)
        start, end = known[bisect(starts, place) - 1]
        return start <= place < end

    for size in range(_SMALL_OBJECT, _HEADER + 1, -_STEP):  # the largest first: they use up what is free altogether
        _fill(lambda size=size: bytes(size - _HEADER), is_old)  # type: ignore[misc]
    numbers = iter(range(_MOST))
    _fill(lambda: next(numbers) + 0.5, is_old)
    _fill(object, is_old)


def _fill(make: Callable[[], object], is_old: Callable[[object], bool]) -> None:
    for _ in range(_MOST):
        thing = make()
        if not is_old(thing):
            return
        _filled.append(thing)


def _mapped_areas() -> list[tuple[int, int]]:
    with open("/proc/self/maps", encoding="ascii") as file:  # noqa: PTH123
        areas = [line.split(maxsplit=1)[0].split("-") for line in file]
    return [(int(start, 16), int(end, 16)) for start, end in areas]


class _MallocInfo(ctypes.Structure):
    _fields_ = tuple(
        (name, ctypes.c_size_t)
        for name in (
            "arena",
            "ordblks",
            "smblks",
            "hblks",
            "hblkhd",
            "usmblks",
            "fsmblks",
            "uordblks",
            "fordblks",
            "keepcost",
        )
    )


def _fill_c() -> None:
    _libc.mallinfo2.restype = _MallocInfo
    _libc.malloc.restype = _libc.sbrk.restype = ctypes.c_void_p
    _libc.malloc.argtypes, _libc.free.argtypes = [ctypes.c_size_t], [ctypes.c_void_p]
    _libc.sbrk.argtypes = [ctypes.c_ssize_t]
    info, end = _libc.mallinfo2(), _libc.sbrk(0)
    start, top = end - info.arena, end - info.keepcost  # above `top` all is free, and nothing lies between
    for size in _block_sizes(info.fordblks - info.keepcost):
        for _ in range(_MOST):
            block = _libc.malloc(size)
            if not start <= block < top:
                _libc.free(block)
                break


def _block_sizes(most: int) -> Iterator[int]:
    """From the largest that could lie between others to the smallest there is."""
    size = min(most, _LARGEST_C_BLOCK)
    while size > _LARGEST_LISTED_C_BLOCK:
        yield size
        size = size * 15 // 16
    yield from range(_LARGEST_LISTED_C_BLOCK, 8, -16)
