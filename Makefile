# The verbs of this project. Each works from a fresh clone: the virtual environment is made when it is missing.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
KIT_PYTEST := $(BIN)/python -m pytest -o addopts="--import-mode=importlib -p no:cacheprovider"

.PHONY: setup demo quick test test-heavy test-all verify check fix build bundle wheel try-wheel book audit sandbox browser clean

setup: $(READY) sandbox

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $(READY)

sandbox: ## The outer wall comes from the system.
	@sh tools/install_sandbox.sh

browser: ## Chromium comes from the system, too; without it the tests of the pages are skipped.
	@sh tools/install_browser.sh

demo: setup ## Compose a small class, grade it, say where the report is.
	$(BIN)/python -m tools.demo --out build/demo

quick: $(READY) ## Tests that start no process, in less than a minute.
	$(KIT_PYTEST) -q -n 2 -p tests.sets --quick -m "not heavy" tests/kit

test: setup ## The student's view of the untouched kit, then a test of each feature and an attack of each family.
	$(BIN)/python -m pytest -q
	$(KIT_PYTEST) -q -n 2 --dist loadfile --no-loadscope-reorder -m "not heavy" tests/red_team tests/kit

test-heavy: setup browser ## The tests that `make test` leaves out: all attacks, pages in a browser, commands of the docs.
	$(KIT_PYTEST) -q -n 2 --dist loadfile --no-loadscope-reorder -m heavy tests/red_team tests/kit

test-all: test test-heavy check ## Everything, the bank with all mutants and the wheel on each Python included.
	$(BIN)/python -m tools.verify
	$(BIN)/python -m tools.try_wheel --every-python

verify: $(READY) ## The bank of answers, mutants of the solutions, stubs: proof that the checks are good.
	$(BIN)/python -m tools.verify $(VERIFY)

check: $(READY) ## Style, types, and that everything generated is in step with its source.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m tools.build --check
	$(BIN)/python -m tools.schema --check
	$(BIN)/python -m tools.docs --check
	$(BIN)/python -m tools.record --check

fix: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

build: $(READY) ## Stubs, catalogue and notebook from solutions and templates; the schema of results.json.
	$(BIN)/python -m tools.build
	$(BIN)/python -m tools.schema

bundle: $(READY) ## What students get: dist/lm-playground.zip.
	$(BIN)/python -m tools.bundle

wheel: $(READY) ## What pip installs: dist/lm_playground-VERSION-py3-none-any.whl.
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

try-wheel: setup ## The wheel in an empty environment, as a student and as a grader.
	$(BIN)/python -m tools.try_wheel

book: $(READY) ## The solution notebook, run from top to bottom, as a notebook and as a page.
	$(BIN)/python -m tools.build --solution build/book --html

audit: $(READY) ## Known vulnerabilities of the installed packages. Needs the network, and says when it could not ask.
	$(BIN)/python -m pip install --quiet --editable ".[audit]"
	$(BIN)/python -m tools.audit

clean:
	rm -rf build $(VENV)
