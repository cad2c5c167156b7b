"""The student zip: all that a student needs, and nothing of what a student must not see."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile

import nbformat
import pytest
from nbclient import NotebookClient

from grader.errors import CatalogError
from grader.offline import offline_environment
from tests.students import ROOT
from tools.build import read_course
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


# --- the notebook that lies in it -------------------------------------------------------------


HIDE = (
    "import os, sys; sys.path[:] = [p for p in sys.path if not os.path.exists(os.path.join(p or '.', 'grader'))]; {}"
    "from ipykernel.kernelapp import launch_new_instance; launch_new_instance()"
)
"""Starts a kernel that has all that the kit needs, and not the kit."""


@pytest.fixture
def executed(tmp_path, monkeypatch):
    """Runs a notebook in a kernel without the kit, and gives it back with its outputs."""
    for name in offline_environment(""):  # a test before this one may have chosen models for this process
        monkeypatch.delenv(name, raising=False)

    def execute(notebook, folder, first="", **environment):
        argv = [sys.executable, "-c", HIDE.format(first), "-f", "{connection_file}"]
        spec = tmp_path / "jupyter" / "kernels" / "bare"
        spec.mkdir(parents=True)
        environment = {"PYTHONPATH": "", "PIP_NO_INDEX": "1", **environment}
        (spec / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "bare", "env": environment}))
        monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
        client = NotebookClient(notebook, timeout=300, kernel_name="bare", allow_errors=True)
        client.execute(cwd=str(folder))
        return notebook

    return execute


def notebook_in(kit, solved=()):
    """The notebook of an unpacked zip, with right answers to some exercises."""
    notebook = nbformat.read(kit / "exercises" / "lm_playground.ipynb", as_version=4)
    sources = read_course().sources
    for cell in notebook.cells:
        mark = cell.metadata.get("lm_playground", {})
        if mark.get("role") == "exercise" and mark["exercise"] in solved:
            cell.source = sources[mark["exercise"]].solution
    return notebook


def shown_by(notebook, role):
    """What the cells of a role show, by their source; the pictures are demos of their own."""

    def role_of(cell):
        return "picture" if cell.source.startswith("picture(") else cell.metadata.get("lm_playground", {}).get("role")

    return {cell.source: texts(cell) for cell in notebook.cells if role_of(cell) == role}


def texts(cell):
    outputs = cell.get("outputs", [])
    return "\n".join(str(o.get("text") or o.get("data", {}).get("text/plain") or o.get("ename")) for o in outputs)


def assert_all_is_drawn_and_earned(notebook):
    cards, pictures = shown_by(notebook, "check"), shown_by(notebook, "picture")
    assert len(cards) == len(read_course().sources)
    assert [source for source, text in cards.items() if not re.search(r"(\d+) of \1 checks pass", text)] == []
    assert len(pictures) > 5
    bad = ("could not be drawn", "comes alive", "nothing is drawn", "None")
    assert {source: text for source, text in pictures.items() if not text or any(word in text for word in bad)} == {}
    html = [
        o.data["text/html"]
        for cell in notebook.cells
        for o in cell.get("outputs", [])
        if "text/html" in o.get("data", {})
    ]
    assert sum("<style>" in one and "lmp" in one for one in html) >= len(cards) + len(pictures)  # inline.css came along


def test_the_untouched_notebook_of_the_zip_has_checks_pictures_and_small_models(unpacked, executed):
    kit = unpacked
    notebook = notebook_in(kit)
    notebook.cells = [
        cell
        for cell in notebook.cells
        if cell.metadata.get("lm_playground", {}).get("role") in ("setup", "check")
        or cell.source.startswith("picture(")
    ]
    executed(notebook, kit / "exercises", PYTHONPATH=str(kit))
    assert "small ones" in next(iter(shown_by(notebook, "setup").values()))
    assert {"its cell has not been run yet" in text for text in shown_by(notebook, "check").values()} == {True}
    assert [text for text in shown_by(notebook, "picture").values() if not text or "nothing is drawn" in text] == []


@pytest.mark.heavy
def test_the_solved_notebook_of_the_zip_shows_full_marks_and_every_picture(unpacked, executed):
    notebook = notebook_in(unpacked, read_course().sources)
    assert_all_is_drawn_and_earned(executed(notebook, unpacked / "exercises", PYTHONPATH=str(unpacked)))


@pytest.mark.heavy
def test_the_zip_beside_the_notebook_is_all_that_colab_needs(unpacked, executed, tmp_path):
    """The kit is not installed, nothing else lies there, and what it needs is there: nothing is fetched."""
    place = tmp_path / "content"
    place.mkdir()
    (place / "lm-playground.zip").write_bytes(zipped(student_files()))
    notebook = executed(notebook_in(unpacked, read_course().sources), place)
    assert "small ones" in next(iter(shown_by(notebook, "setup").values()))
    assert_all_is_drawn_and_earned(notebook)


def set_up(executed, kit, folder, first="", **environment):
    """What the set-up cell, `check` and `picture` say, and nothing else of the notebook is run."""
    notebook = notebook_in(kit)
    chosen = [
        cell for cell in notebook.cells if cell.metadata.get("lm_playground", {}).get("role") in ("setup", "check")
    ]
    drawing = [cell for cell in notebook.cells if cell.source.startswith("picture(")]
    notebook.cells = [*chosen[:2], drawing[0]]
    return [texts(cell) for cell in executed(notebook, folder, first, **environment).cells]


def test_without_the_kit_the_notebook_says_that_it_is_not_installed(unpacked, executed, tmp_path):
    place = tmp_path / "empty"
    place.mkdir()
    start, check, picture = set_up(executed, unpacked, place)
    assert start.startswith('The kit is not installed here. Run %pip install "')
    assert check.startswith("The kit is not installed here, so nothing is checked.")
    assert picture.startswith("The kit is not installed here, so nothing is drawn.")


def test_an_unpacked_zip_that_nobody_installed_is_found_from_its_own_notebook(unpacked, executed):
    start, check, picture = set_up(executed, unpacked, unpacked / "exercises")
    assert "small ones" in start
    assert "its cell has not been run yet" in check
    assert "does not work" not in picture


@pytest.fixture
def own_copy(unpacked, tmp_path):
    """An unpacked zip that a test may break."""
    return shutil.copytree(unpacked, tmp_path / "broken")


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("grader/notebook/pictures", "ModuleNotFoundError: No module named 'grader.notebook.pictures'"),
        ("grader/catalog.py", "ModuleNotFoundError: No module named 'grader.catalog'"),
    ],
)
def test_an_incomplete_kit_says_what_is_missing(own_copy, unpacked, executed, broken, reason):
    path = own_copy / broken
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    start, check, _ = set_up(executed, unpacked, own_copy / "exercises", PYTHONPATH=str(own_copy))
    assert start.startswith(f"The kit does not work here ({reason})")
    assert "not installed" not in start + check
    assert reason in check


def test_a_package_that_is_missing_is_named_with_the_command_that_gets_it(unpacked, executed, tmp_path):
    """As on Colab, without the network that would be needed."""
    place = tmp_path / "content"
    place.mkdir()
    (place / "lm-playground.zip").write_bytes(zipped(student_files()))
    without = "sys.modules['msgspec'] = None; "
    start, check, _ = set_up(executed, unpacked, place, without)
    assert "The kit does not work here (ModuleNotFoundError: " in start and "msgspec" in start
    assert f'%pip install "{place / "lm-playground" / TOP}"' in start
    assert "msgspec" in check


def test_a_zip_that_was_cut_off_on_its_way_is_named(unpacked, executed, tmp_path):
    place = tmp_path / "content"
    place.mkdir()
    (place / "lm-playground.zip").write_bytes(zipped(student_files())[:100_000])
    start, check, _ = set_up(executed, unpacked, place)
    assert "lm-playground.zip is not a zip file" in start
    assert "not installed" not in start + check


def test_data_that_is_missing_is_named_in_the_first_cell(own_copy, unpacked, executed, tmp_path):
    (own_copy / "grader" / "offline" / "data" / "cl100k_base.tokens").unlink()
    cache = {"LM_PLAYGROUND_CACHE": str(tmp_path / "cache")}
    start, check, _ = set_up(executed, unpacked, own_copy / "exercises", PYTHONPATH=str(own_copy), **cache)
    assert "cl100k_base.tokens cannot be read (No such file or directory)" in start
    assert "its cell has not been run yet" in check


def test_what_is_installed_from_the_zip_has_its_data(unpacked, tmp_path):
    """The wheel, as `pip install .` makes it: every file of grader/ that the zip has, and nothing else."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--wheel-dir",
        str(tmp_path),
        str(unpacked),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    if done.returncode and "hatchling" in done.stderr:
        pytest.skip("the builder of wheels cannot be had")
    wheel = zipfile.ZipFile(next(tmp_path.glob("*.whl")))
    inside = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert inside == {name for name in student_files() if name.startswith("grader/")}
