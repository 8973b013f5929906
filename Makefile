# ConsúltaME. `make` without a target lists what there is.
.DEFAULT_GOAL := help
.PHONY: help install run check test browser bench bench-quick bench-cases bench-case-status bench-publish clean

# uv from the PATH, or a copy of its own in .uv/ when the machine has none.
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
export RASA_TELEMETRY_ENABLED := false

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.uv/bin/uv:
	python3 -m pip install --quiet --disable-pip-version-check --target .uv uv \
		|| (python3 -m venv .uv && .uv/bin/pip install --quiet --disable-pip-version-check uv)

install: $(UV) ## Install what running needs
	$(UV) sync --quiet --locked --no-default-groups --inexact

run: install ## Start everything on this machine; Ctrl-C stops it
	@exec $(UV) run --no-sync consultame up

check: $(UV) ## Lint, format and type checks
	$(UV) sync --quiet --locked
	$(UV) run --no-sync ruff check .
	$(UV) run --no-sync ruff format --check .
	$(UV) run --no-sync mypy

browser: $(UV) ## Install a Chromium for the browser tests when there is none
	$(UV) run --no-sync tests/browser/install_chromium.sh

test: check browser ## All checks and all tests
	$(UV) run --no-sync pytest

bench: $(UV) ## Measure this assistant beside stock Rasa, nlp.js and BM25 (long; bench/README.md)
	$(UV) sync --quiet --locked
	@exec $(UV) run --no-sync python -m bench $(ARGS)

bench-quick: $(UV) ## Try the benchmark itself on a tenth of the data
	$(UV) sync --quiet --locked
	@exec $(UV) run --no-sync python -m bench --quick $(ARGS)

bench-cases: $(UV) ## Time look-ups and lists among a million cases, on SQLite and PostgreSQL
	$(UV) sync --quiet --locked
	@exec $(UV) run --no-sync python -m bench.cases $(ARGS)

bench-case-status: $(UV) ## Can a wrong number be told from a wrong code by the time of the answer?
	$(UV) sync --quiet --locked
	@exec $(UV) run --no-sync python -m bench.case_status $(ARGS)
bench-publish: $(UV) ## Time publications on the running system beside `rasa train` (bench/README.md)
	$(UV) sync --quiet --locked
	@exec $(UV) run --no-sync python -m bench.publishing $(ARGS)

clean: ## Remove the database, models and everything else that was generated
	rm -rf var bot/data/kb .pytest_cache .mypy_cache .ruff_cache .hypothesis
