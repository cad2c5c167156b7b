"""Lays answers out as the original course's notebook does, for demos and tests: cell ids, order, headings."""

import json
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell

from tools.build import Course, read_course
from tools.notebook import notebook_text
from tools.source import Source

# Headings and demos. The cells of exercises stand below their headings. Spelled as in the course, slips included.
_LAYOUT = (
    "# Project\u202f1: Build an LLM Playground",
    "## Learning Objectives  ",
    "versions",
    "# 1 - Tokenization",
    "### 1.1 - Word\u2011level tokenization",
    "### 1.2 - Character\u2011level tokenization",
    "### 1.3 - Subword\u2011level tokenization",
    "### 1.4 - TikToken",
    "### 1.5 - Key Takeaways",
    "# 2. What is a Language Model?",
    "### 2.1 - A Single `Linear` Layer",
    "linear",
    "### 2.2 - A `Transformer` Layer",
    "### 2.3 - Inside GPT-2",
    "### 2.4 LLM's output",
    "### 2.5 - Key Takeaway",
    "# 3 - Generation",
    "### 3.1 - Greedy decoding",
    "greedy",
    "### 3.2 - Top-k or top-p sampling",
    "top_p",
    "### 3.3 - Try It Yourself",
    "# 4 - Completion vs. Instruction-tuned LLMs",
    "### 4.1 - Qwen1.5-8B vs. GPT2",
    "chat",
    "# 5. (Optional) A Small LLM Playground",
    "### 5.1\u202f\u2011 Interactive Playground",
    "## 🎉 Congratulations!",
)


def course_notebook(sources: Mapping[str, str] | None = None, course: Course | None = None) -> dict[str, Any]:
    """A notebook in the course's own format, as the plain data of an .ipynb file.

    Args:
        sources: code by exercise id; every other exercise is the untouched blank. The course has no cell for a bonus
            exercise, so one gets a cell only when it stands here.
        course: solutions and templates, read; by default those of this checkout.

    Raises:
        KeyError: `sources` names an exercise that there is not.
    """
    course = course or read_course()
    given = dict(sources or {})
    unknown = given.keys() - course.sources.keys()
    if unknown:
        raise KeyError(f"no exercise {sorted(unknown)[0]!r}; there is {' '.join(course.sources)}")
    notebook: dict[str, Any] = json.loads(notebook_text(list(_cells(given, course))))
    return notebook


def _cells(given: Mapping[str, str], course: Course) -> Iterator[nbformat.NotebookNode]:
    below = _by_heading(course)
    for entry in _LAYOUT:
        if entry in course.demos:
            demo = course.demos[entry]
            yield new_code_cell(demo.source, id=demo.course_cell)
            continue
        yield new_markdown_cell(entry, id=_made_up_id(entry))
        for source in below.get(entry, []):
            id_ = source.exercise.id
            if id_ in given or source.exercise.course_cell:
                cell_id = source.exercise.course_cell or _made_up_id(id_)
                yield new_code_cell(given.get(id_, source.stub), id=cell_id)


def _by_heading(course: Course) -> dict[str, list[Source]]:
    """The exercises below each heading; one whose heading the course lacks comes after the one before it."""
    heading, found = _LAYOUT[0], dict[str, list[Source]]()
    for source in course.sources.values():
        own = f"### {source.exercise.heading}"
        heading = own if own in _LAYOUT else heading
        found.setdefault(heading, []).append(source)
    return found


def _made_up_id(text: str) -> str:
    """Eight hex digits like the ids of the course, always the same for the same text."""
    return f"{zlib.crc32(text.encode()):08x}"
