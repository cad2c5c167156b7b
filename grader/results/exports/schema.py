"""The JSON Schema of results.json, made of the records in `grader.model`."""

import ast
import inspect
from typing import Any

import msgspec

from grader import model
from grader.model import RunResult

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def results_schema() -> dict[str, Any]:
    """The schema of results.json; each field has the description that stands below it in `grader.model`.

    It allows fields that it does not know: a newer kit of the same format may write more.
    """
    schema = msgspec.json.schema(RunResult)
    said = _descriptions()
    for name, definition in schema["$defs"].items():
        for field, shape in definition.get("properties", {}).items():
            if text := said.get((name, field)):
                # Beside a `$ref` a description stands for itself since draft 2019-09.
                shape["description"] = text
    return {"$schema": DRAFT, "title": "results.json of the LM Playground kit", **schema}


def _descriptions() -> dict[tuple[str, str], str]:
    """The line of doc below each field, by class and field."""
    found = {}
    for record in ast.parse(inspect.getsource(model)).body:
        if isinstance(record, ast.ClassDef):
            for field, text in zip(record.body, record.body[1:], strict=False):
                if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                    found[record.name, field.target.id] = _text(text)
    return found


def _text(statement: ast.stmt) -> str:
    value = statement.value if isinstance(statement, ast.Expr) else None
    return str(value.value) if isinstance(value, ast.Constant) else ""
