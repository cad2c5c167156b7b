"""The student zip: all that a student needs, and nothing of what a student must not see."""

import io
import shutil
import subprocess
import sys
import zipfile

import pytest

from grader.errors import CatalogError
from tests.students import ROOT
from tools.bundle import NEVER, TOP, leak_in, main, student_files, zipped

CANARY = "canary_that_must_not_fly"
SECRET = ("tests/hidden", "tests/answers", "tests/red_team", "tests/kit", "tools")


def copy_of_the_kit(folder):
    """All that the bundle could take, without what is only installed or built."""
    for name in ("exercises", "grader", "solutions", "tests", "tools"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "LICENSE", "README.md"):
        shutil.copy(ROOT / name, folder)
    return folder


@pytest.fixture
def kit(tmp_path):
    return copy_of_the_kit(tmp_path / "kit")


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """The zip, unpacked."""
    folder = tmp_path_factory.mktemp("student")
    zipfile.ZipFile(io.BytesIO(zipped(student_files()))).extractall(folder)
    return folder / TOP


def plant(path, canary):
    """A canary at the end, and in every answer region."""
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        lines.append(line)
        if line.strip() == "# region answer":
            lines.append(line.replace("# region answer", f"# {canary}"))
    path.write_text("\n".join([*lines, f"# {canary}", ""]), encoding="utf-8")


def test_no_canary_flies(kit):
    planted = 0
    for place in SECRET:
        for path in (kit / place).rglob("*.py"):
            if "templates" not in path.parts:  # what the notebook is made of
                plant(path, CANARY)
                planted += 1
    for path in (kit / "solutions").glob("*.py"):
        text = path.read_text(encoding="utf-8").replace("# region answer", f"# region answer\n# {CANARY}")
        path.write_text(text, encoding="utf-8")
        planted += text.count(CANARY)
    for name in NEVER:
        plant(kit / name, CANARY)
    assert planted > 200  # the bank and the attacks are where this test believes them to be
    archive = zipfile.ZipFile(io.BytesIO(zipped(student_files(kit))))
    assert [name for name in archive.namelist() if CANARY.encode() in archive.read(name)] == []


def test_a_canary_in_what_ships_is_seen(kit):
    plant(kit / "tests" / "visible" / "test_1_1_word_level.py", CANARY)
    archive = zipfile.ZipFile(io.BytesIO(zipped(student_files(kit))))
    found = [name for name in archive.namelist() if CANARY.encode() in archive.read(name)]
    assert found == [f"{TOP}/tests/visible/test_1_1_word_level.py"]


def test_only_known_folders_ship():
    names = student_files()
    tops = {name.partition("/")[0] for name in names}
    assert tops == {"exercises", "grader", "tests", "pyproject.toml", "README.md", "LICENSE", ".gitignore"}
    assert all(name.startswith("tests/visible/test_") for name in names if name.startswith("tests/"))
    assert not NEVER & names.keys()


def test_a_solved_stub_on_the_instructors_disk_does_not_ship(kit):
    shutil.copy(kit / "solutions" / "ex_1_1_word_level.py", kit / "exercises" / "ex_1_1_word_level.py")
    (kit / "exercises" / "my_answers.py").write_text(f"# {CANARY}", encoding="utf-8")
    assert student_files(kit) == student_files()


def test_a_visible_suite_that_needs_an_oracle_is_refused(kit):
    suite = kit / "tests" / "visible" / "test_3_1_generate.py"
    suite.write_text("from oracles import reference\n" + suite.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(CatalogError, match=r"tests/visible/test_3_1_generate\.py imports oracles, which hidden suites"):
        student_files(kit)


def test_a_visible_suite_that_runs_hidden_ones_is_refused(kit):
    suite = kit / "tests" / "visible" / "test_3_1_generate.py"
    suite.write_text("from grader.run import judge\n" + suite.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(
        CatalogError, match=r"grader/run/judge\.py must not ship; it is imported by .*tests/visible/test_3_1"
    ):
        student_files(kit)


def test_a_line_of_an_answer_is_refused():
    line = "words = [word for sentence in corpus for word in sentence.split()]"
    assert line in (ROOT / "solutions" / "ex_1_1_word_level.py").read_text(encoding="utf-8")
    assert "holds a line of solutions/ex_1_1" in leak_in(
        {"tests/visible/test_x.py": f"def f():\n    {line}\n".encode()}, ROOT
    )
    assert leak_in({"tests/visible/test_x.py": b"def f():\n    pass\n"}, ROOT) == ""


def test_a_missing_suite_is_one_line(kit, capsys):
    (kit / "tests" / "visible" / "test_2_3_inside_gpt2.py").unlink()
    assert main(["--out", str(kit / "x.zip")], kit) == 2
    assert capsys.readouterr().err == (
        "bundle: tests/visible/test_2_3_inside_gpt2.py: not found; each exercise needs a visible suite\n"
    )
    assert not (kit / "x.zip").exists()


def test_the_same_sources_are_the_same_bytes():
    assert zipped(student_files()) == zipped(student_files())


def run_in(folder, *words):
    """A command in the unpacked folder, with the modules that lie there."""
    return subprocess.run([sys.executable, *words], cwd=folder, capture_output=True, text=True, check=False)


def test_a_student_can_work_in_it(unpacked):
    where = "import grader; print(grader.__file__)"
    assert run_in(unpacked, "-c", where).stdout.strip() == str(unpacked / "grader" / "__init__.py")
    done = run_in(unpacked, "-m", "pytest", "-q")
    assert done.returncode == 0, done.stdout
    assert "0/100" in done.stdout
    student = "import sys; from grader.student.commands import main; sys.exit(main(sys.argv[1:]))"
    assert "hint 1 of 3" in run_in(unpacked, "-c", student, "hint", "1.1").stdout
    assert "grade" not in run_in(unpacked, "-c", student, "--help").stdout


def test_right_answers_get_full_marks_in_it(unpacked):
    for name in ("ex_1_1_word_level.py", "ex_1_2_character_level.py", "ex_1_4_tiktoken.py"):
        shutil.copy(ROOT / "solutions" / name, unpacked / "exercises" / name)
    done = run_in(unpacked, "-m", "pytest", "-q")
    assert "22/100" in done.stdout, done.stdout


def test_every_module_that_ships_can_be_imported(unpacked):
    names = [
        path.relative_to(unpacked).with_suffix("").as_posix().replace("/", ".")
        for path in (unpacked / "grader").rglob("*.py")
    ]
    program = "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name)"
    done = run_in(unpacked, "-c", program, *(name.removesuffix(".__init__") for name in names))
    assert (done.returncode, done.stderr) == (0, "")


def test_the_readme_names_every_exercise_and_its_commands_are_understood(unpacked):
    from grader.catalog import load_catalog

    text = (unpacked / "README.md").read_text(encoding="utf-8")
    for exercise in load_catalog(unpacked / "exercises" / "catalog.toml").exercise:
        assert f"`{exercise.file}`" in text
    student = "from grader.student.commands import parser; import shlex, sys; parser().parse_args(shlex.split(sys.argv[1], comments=True))"
    for line in text.splitlines():
        if line.startswith("$ playground ") and "watch" not in line:
            done = run_in(unpacked, "-c", student, line.removeprefix("$ playground "))
            assert done.returncode == 0, done.stderr
