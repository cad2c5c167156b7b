"""Writes a finished run in the formats that other systems read, a module for each."""

from grader.results.exports.formats import FORMATS, write_export
from grader.results.exports.request import Export, Request

__all__ = ["FORMATS", "Export", "Request", "write_export"]
