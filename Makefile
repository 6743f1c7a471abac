# The whole of a developer's commands; CI (.ci/run) runs the same ones.
# Each sets up first what it needs (tools/setup.sh): .venv, a Chromium, the embedded model.
PYTHON = .venv/bin/python
ARGS =

.PHONY: setup check lint types windows-types test coverage bench record

setup:
	@sh tools/ready.sh model dev || sh tools/setup.sh model dev

check: lint types windows-types

lint: setup
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .

types: setup
	$(PYTHON) -m mypy

windows-types: setup
	$(PYTHON) -m mypy --config-file tools/windows.ini

# Two processes, each with files of its own, in the order of tests/conftest.py: more would hold the model in memory
# more often.
test: setup
	$(PYTHON) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

coverage: setup
	$(PYTHON) -m pytest --cov --cov-report=term-missing:skip-covered $(ARGS)

bench: setup
	@set -e; for program in bench/[!_]*.py; do echo "== $$program"; $(PYTHON) $$program $(ARGS); done

record: setup
	$(PYTHON) fixtures/record.py $(ARGS)
