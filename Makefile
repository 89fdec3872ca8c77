# make run opens the app, make test runs every check; both set up what they need first.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
# On a terminal pip shows what it is at: the packages take minutes on a slow machine.
QUIET := $(shell [ -t 2 ] || echo --quiet)

.PHONY: run test torture bench lint types layers units corpus lock docs pictures clean help

run: $(READY)  ## open the app on your library
	@$(BIN)/papers-tui; code=$$?; if rm .venv/first 2>/dev/null; then \
	  echo "To start it again: make run, or from anywhere:"; \
	  echo "  $(CURDIR)/$(BIN)/papers-tui"; \
	  echo "To have it on your PATH:"; \
	  echo "  ln -s '$(CURDIR)/$(BIN)/papers-tui' ~/.local/bin/"; fi; exit $$code

test: lint  ## everything that must hold before a commit lands
	@$(MAKE) --no-print-directory --jobs=3 units types layers

torture: $(READY)  ## everything that goes wrong, tried by the ten thousands, in under an hour
	$(BIN)/python -m tests.torture $(TORTURE)
	LAWS=40 $(BIN)/pytest -n auto -m hypothesis

bench: $(READY)  ## measure every promise of speed; BENCH=--quick leaves 100,000 papers and 630,000 changes out; TOPICS=papers.json adds papers with topics
	LAWS=500 $(BIN)/pytest -n auto tests/search/test_index.py -k finds_what_a_slow_search_finds
	$(BIN)/python -m tests.search.ranking $(TOPICS)
	$(BIN)/python -m tests.benchmarks --markdown docs/benchmarks.md $(BENCH)

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

layers: $(READY)
	$(BIN)/lint-imports --no-cache

units: $(READY)
	$(BIN)/pytest -n auto --dist worksteal

corpus: $(READY)  ## parse the seeds again into data/corpus.json
	$(BIN)/papers-tui parse seeds/*.txt > data/corpus.json.new
	mv data/corpus.json.new data/corpus.json

docs: $(READY)  ## write the generated tables of the documentation and draw its layers
	$(BIN)/python docs/tables.py
	$(BIN)/python docs/layers.py

pictures: $(READY)  ## draw the pictures of the documentation from the running app
	PYTHONPATH=. $(BIN)/python docs/pictures.py

lock: $(READY)  ## resolve the dependencies again (needs uv)
	uv pip compile --universal --generate-hashes --no-header --no-annotate --all-extras \
	  pyproject.toml -o requirements-dev.lock

clean:  ## forget the environment and every cache
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .bench dist build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 12

# The lock is hash-checked; the package itself cannot be, so it is installed on its own after it.
$(READY): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "papers-tui needs Python 3.11 or newer: make PYTHON=python3.12 run" >&2; exit 1; }
	@echo "Setting up papers-tui, once. This takes a minute, or several on a slow machine." >&2
	@echo "1 of 3: an environment of its own, .venv" >&2
	@$(PYTHON) -m venv .venv
	@echo "2 of 3: $$(grep -c '==' requirements-dev.lock) packages, which takes longest" >&2
	@$(BIN)/python -m pip install $(QUIET) --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@echo "3 of 3: papers-tui" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ .venv/first
