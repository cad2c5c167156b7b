"""JUnit XML, one file for the run: a suite for each submission, a case for each check."""

import re
from xml.etree import ElementTree as ET

from grader.model import RunResult, Status, SubmissionResult
from grader.results.exports.lines import Line, lines
from grader.results.exports.request import Export, Request
from grader.wording import LABELS, one_line

_CHILD = {
    Status.PASSED: "",
    Status.FAILED: "failure",
    Status.PARTIAL: "failure",
    Status.NOT_ATTEMPTED: "skipped",
    Status.SKIPPED: "skipped",
}
"""What stands in a case; everything else is an error."""
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def export(run: RunResult, request: Request) -> Export:
    """`junit.xml`."""
    suites = [_suite(result, request) for result in run.submissions]
    root = ET.Element("testsuites", {"name": _xml(request.assignment), **_sums(suites)})
    root.extend(suites)
    ET.indent(root)
    return Export(files={"junit.xml": ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"})


def _suite(result: SubmissionResult, request: Request) -> ET.Element:
    cases = [_case(result.id, line) for line in lines(result, request)]
    kinds = [child.tag for case in cases for child in case]
    counts = {f"{name}s": str(kinds.count(name)) for name in ("failure", "error")} | {
        "skipped": str(kinds.count("skipped"))
    }
    suite = ET.Element(
        "testsuite", {"name": _xml(result.id), "tests": str(len(cases)), **counts, "time": f"{result.seconds:.3f}"}
    )
    suite.extend(cases)
    return suite


def _case(student: str, line: Line) -> ET.Element:
    case = ET.Element(
        "testcase",
        {"classname": _xml(f"{student}.{line.exercise}"), "name": _xml(f"{line.number} {line.title}"), "time": "0"},
    )
    tag = _CHILD.get(line.status, "error")
    if tag:
        short = one_line(line.message.partition("\n")[0]) or LABELS[line.status]
        child = ET.SubElement(case, tag, {"message": _xml(short)})
        if tag != "skipped":
            child.set("type", line.status.value)
            child.text = _xml(line.message)
    return case


def _sums(suites: list[ET.Element]) -> dict[str, str]:
    counts = {
        name: str(sum(int(suite.attrib[name]) for suite in suites))
        for name in ("tests", "failures", "errors", "skipped")
    }
    return counts | {"time": f"{sum(float(suite.attrib['time']) for suite in suites):.3f}"}


def _xml(text: str) -> str:
    """The text without what XML 1.0 cannot hold in any form."""
    return _NOT_XML.sub("\ufffd", text)
