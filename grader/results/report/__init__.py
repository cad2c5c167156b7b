"""Shows what a run found: results.json and results.csv for programs, pages for people, tables for the terminal."""

from grader.results.report.gradebook import write_csv
from grader.results.report.pages import write_class_page, write_feedback, write_html
from grader.results.report.results import read_results_json, write_results_json
from grader.results.report.terminal import show, table

__all__ = [
    "read_results_json",
    "show",
    "table",
    "write_class_page",
    "write_csv",
    "write_feedback",
    "write_html",
    "write_results_json",
]
