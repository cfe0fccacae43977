# What a newcomer types: `make dashboard` and `make test`. Everything else is for maintainers.

PYTHON ?= python3
ARGS ?=
UV ?= uv

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
RUNTIME := .venv/.runtime-installed
DEV := .venv/.dev-installed
LOCK := $(UV) pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11

.PHONY: dashboard test check format bench pictures wheel lock clean help

dashboard: $(RUNTIME) ## serve the dashboard on the real data (ARGS="--port 8600 --no-browser")
	@exec $(BIN)/tracker dashboard $(ARGS)

test: $(DEV) ## run the tests (ARGS="-k sql -x")
	@echo "running the tests …"
	@$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

check: $(DEV) ## formatting, lint and types
	@echo "checking format, lint and types …"
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

format: $(DEV) ## put the code in order
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(DEV) ## measure; prints numbers, asserts nothing
	@for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit; done

pictures: $(DEV) ## picture every view into build/pictures, and look at each with axe (ARGS=--readme: docs/pictures)
	@$(BIN)/python tests/pictures.py $(ARGS)

wheel: $(DEV) ## build dist/*.whl
	@echo "building the wheel …"
	@rm -rf dist
	@$(PIP) wheel --no-deps --wheel-dir dist .
	@ls dist/*.whl

lock: ## resolve requirements*.lock anew from pyproject.toml (ARGS=--upgrade); needs uv
	$(LOCK) $(ARGS) pyproject.toml --output-file requirements.lock
	$(LOCK) $(ARGS) pyproject.toml --group dev --constraints requirements.lock --output-file requirements-dev.lock

clean: ## remove everything made here
	rm -rf .venv dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1: /p' $(MAKEFILE_LIST)

# A stamp is the last thing an installation writes: what was interrupted is done again.

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or later is needed; name one with: make PYTHON=python3.12 …" >&2; exit 1; }
	@echo "making an isolated environment in .venv …"
	@$(PYTHON) -m venv --clear .venv
	@touch $@

$(RUNTIME): .venv/.made requirements.lock pyproject.toml
	@echo "installing what the tracker needs, about a minute …"
	@$(PIP) install --require-hashes -r requirements.lock
	@echo "installing the tracker itself …"
	@$(PIP) install --no-deps -e .
	@touch $@

$(DEV): $(RUNTIME) requirements-dev.lock
	@echo "installing what the tests need …"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
