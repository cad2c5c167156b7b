"""Ids for submissions: short, unique in the run, and safe as a file name on every system."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence

SUFFIXES = (".ipynb", ".zip", ".py")

_MAX_BYTES = 96
_FALLBACK = "submission"
_KEPT = frozenset(" ._-+@(),")
_RESERVED = re.compile(r"(con|prn|aux|nul|clock\$|conin\$|conout\$|(com|lpt)[0-9¹²³])( *\.|$)", re.IGNORECASE)


def unique_ids(names: Sequence[str]) -> list[str]:
    """An id for each name, in order: the safe form of the name, with `-2`, `-3` ... for those that come again.

    Names that some file system takes for the same (letter case, composed accents) count as the same. A name that
    is safe and met once keeps its form, whatever its neighbours are called.
    """
    plain = [safe_id(name) for name in names]
    taken = {_folded(form) for form in plain}
    seen: set[str] = set()
    following: dict[str, int] = {}
    ids = []
    for form in plain:
        folded = _folded(form)
        if folded in seen:
            form, folded = _next_free(form, folded, taken, following)  # noqa: PLW2901 - the name it gets instead
        seen.add(folded)
        ids.append(form)
    return ids


def safe_id(name: str) -> str:
    """The name without its suffix, with everything replaced that a file system or a shell could take amiss."""
    stem = without_suffix(name)
    form = "".join(char if _is_kept(char) else "_" for char in unicodedata.normalize("NFC", stem))
    form = re.sub(r"\s+", " ", form).lstrip(" .-+@(),").rstrip(" .")
    form = _shortened(form, stem)
    if not form or unicodedata.category(form[0]).startswith("M"):
        form = (_FALLBACK + "_" + form).rstrip("_")
    return "_" + form if _RESERVED.match(form) else form


def without_suffix(name: str) -> str:
    """The name without `.ipynb`, `.zip` or `.py`, in any letter case; other dots belong to the name."""
    lowered = name.lower()
    for suffix in SUFFIXES:
        if lowered.endswith(suffix):
            return name[: -len(suffix)]
    return name


def _is_kept(char: str) -> bool:
    return char in _KEPT or unicodedata.category(char)[0] in "LNM"


def _shortened(form: str, stem: str) -> str:
    """At most `_MAX_BYTES` in UTF-8; what is cut off lives on in a hash, so that long names stay apart."""
    if len(form.encode()) <= _MAX_BYTES:
        return form
    digest = hashlib.sha256(stem.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    head = form.encode()[: _MAX_BYTES - 9].decode("utf-8", "ignore").rstrip(" .-")
    return f"{head}-{digest}"


def _folded(form: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", form).casefold())


def _next_free(form: str, folded: str, taken: set[str], following: dict[str, int]) -> tuple[str, str]:
    number = following.get(folded, 2)
    while _folded(f"{form}-{number}") in taken:
        number += 1
    following[folded] = number + 1
    numbered = f"{form}-{number}"
    taken.add(_folded(numbered))
    return numbered, _folded(numbered)
