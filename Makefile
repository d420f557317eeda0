# Every chore of the project. `make` alone lists them.
# Tools come from .venv, which `make setup` fills; BIN=/elsewhere/bin takes them from another environment.

BIN ?= .venv/bin
PYTHON = $(BIN)/python
MANYWORKS = $(PYTHON) -m manyworks
UV ?= uv
LOCK = $(UV) pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --quiet

export PYTHONPATH := src

.DEFAULT_GOAL := help
.PHONY: help setup test check lint types imports doc-examples format docs lock lock-upgrade examples example-tables \
	picture outlines claims bench-start bench-location bench-networks bench-lines bench-layout calibrate-bottling prove-setup \
	prove-documents prove-twin bench-twin clean

help: ## list the chores
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: ## fill .venv with everything that tests, checks and docs need
	python3 run.py setup

test: ## run the whole test suite, as the README says
	python3 run.py test

check: lint types imports doc-examples docs ## all checks: lint, types, imports, doc examples, pages

lint: ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: ## mypy, strict, on src
	$(BIN)/mypy

imports: ## arrows between packages go down only; each heavy library has one home
	$(BIN)/lint-imports --no-logo

doc-examples: ## run every example of README, docs and docstrings
	$(PYTHON) -m pytest tests/docs

format: ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: ## build the pages into docs/_build/html; a warning is an error
	$(PYTHON) -m sphinx -W --keep-going -q -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

lock: ## write both hash-locked lists anew, keeping the versions that still fit
	$(LOCK) --extra dev --output-file requirements-test.lock
	$(LOCK) --constraints requirements-test.lock --output-file requirements.lock

lock-upgrade: ## write both lists anew with the newest versions that fit
	$(LOCK) --upgrade --extra dev --output-file requirements-test.lock
	$(LOCK) --upgrade --constraints requirements-test.lock --output-file requirements.lock

examples: ## plan every example; each report goes to out/NAME
	@set -e; for network in examples/*/network.yaml; do \
		name=$$(basename $$(dirname $$network)); \
		echo "== $$name"; $(MANYWORKS) plan $$(dirname $$network) --out out/$$name; \
	done

claims: ## measure the claims on the examples, from where it was stopped, and write their page; KEPT=--kept: page only
	$(PYTHON) tools/write_claims.py $(KEPT) docs/explanation/claims.md examples/first_network examples/tariffs examples/nuts \
		examples/sauces examples/soda_us

bench-start: ## how soon the command line answers
	$(PYTHON) benchmarks/speed/start.py

bench-twin: ## how fast lines are simulated, beside SimPy on the same lines
	PYTHONPATH=src:. $(PYTHON) -m benchmarks.speed.twin

bench-location: ## location with given costs, published and generated, beside HiGHS alone ($$MANYWORKS_BENCH_DATA)
	PYTHONPATH=src:. $(PYTHON) -m benchmarks.quality.location --highs

bench-networks: ## large networks over many quarters: gap, CPU time, memory, what binds; HiGHS alone on a small one
	PYTHONPATH=src:. $(PYTHON) -m benchmarks.quality.networks
	PYTHONPATH=src:. $(PYTHON) -m benchmarks.quality.networks spread 20 60 4 0 --highs 300

bench-layout: ## quadratic assignment on published instances ($$MANYWORKS_BENCH_DATA, else ../shared/bench)
	PYTHONPATH=src:. $(PYTHON) -m benchmarks.quality.layout

bench-lines: ## buffers: what the search finds against every allocation by the exact chain
	PYTHONPATH=src:. $(PYTHON) -m benchmarks.quality.lines --simulated

prove-setup: ## try both commands in fresh clones with an empty home: with uv, without, without ensurepip
	python3 tests/setup/prove_setup.py

prove-documents: ## spoil 100,000 documents: never a traceback, always place and cure
	PYTHONPATH=src:. nice $(PYTHON) -m benchmarks.quality.mutated_documents

prove-twin: ## simulate lines whose answer is known: how often the intervals hold it
	PYTHONPATH=src:. nice $(PYTHON) -m benchmarks.quality.exact_lines

picture: out/soda_us/run.json ## draw the README's map from a run of examples/soda_us
	$(PYTHON) tools/draw_picture.py out/soda_us/run.json docs/images/soda_us.svg

out/soda_us/run.json:
	$(MANYWORKS) plan examples/soda_us --out out/soda_us

outlines: ## make the outlines under maps anew: STATES and COUNTRIES name their GeoJSON files
	$(PYTHON) tools/simplify_geography.py $(STATES) $(COUNTRIES)

calibrate-bottling: ## fit the published stops of a small water line ($$MANYWORKS_DATA, else ../shared/data)
	$(PYTHON) tools/calibrate_bottling.py

example-tables: ## make the examples' tables from the public sources in $$MANYWORKS_DATA
	$(PYTHON) examples/build/build.py

clean: ## remove what the chores made; .venv stays
	rm -rf out docs/_build build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
