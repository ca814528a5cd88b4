# From nothing to a running endpoint: make run. Everything the project checks: make test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STORE := data/store
HOST ?= 127.0.0.1
PORT ?= 8000

# Programs that some tests drive. Without them those tests are skipped and say so; with CI=true they fail.
PROGRAMS := chromium libreoffice-writer-nogui fonts-noto-cjk nginx-light systemd virtuoso-opensource-7-bin

.PHONY: run test programs bench rules constraints clean

run: $(VENV)/.installed
	@$(BIN)/budgetgraph publish data/publications --store $(STORE)
	@$(BIN)/budgetgraph serve --store $(STORE) --host $(HOST) --port $(PORT)

test: $(VENV)/.installed-dev programs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest --numprocesses auto --dist loadfile

# Installed where apt can; a person without its rights is told what to ask for.
programs:
	@if dpkg-query --status $(PROGRAMS) >/dev/null 2>&1; then :; \
	elif command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $(PROGRAMS) >/dev/null; \
	else echo "not installed, so the tests that drive them are skipped: $(PROGRAMS)"; fi

# The pages of docs/rules, made from the shapes.
rules: $(VENV)/.installed
	$(BIN)/python docs/rules/generate.py

bench: $(VENV)/.installed-dev
	$(BIN)/python bench/conversion.py
	$(BIN)/python bench/emission.py
	$(BIN)/python bench/validation.py

# What is installed is pinned with hashes; the project itself is installed in place.
$(VENV)/.installed: constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "budgetgraph needs Python 3.11 or later; name one: make run PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: constraints-dev.txt $(VENV)/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r constraints-dev.txt
	@touch $@

# Pin again what pyproject.toml allows: constraints.txt to run, constraints-dev.txt to test.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-header --upgrade
constraints: $(VENV)/.installed-dev
	$(BIN)/pip install --quiet uv
	$(BIN)/python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['build-system']['requires'], sep='\n')" > $(VENV)/build.in
	$(COMPILE) pyproject.toml $(VENV)/build.in -o constraints.txt
	$(COMPILE) --group dev pyproject.toml $(VENV)/build.in -c constraints.txt -o constraints-dev.txt

clean:
	rm -rf $(VENV) $(STORE) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache
