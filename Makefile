# Prerequisites: Python 3.11 or newer, a Rust toolchain (cargo), a C compiler, make. Everything else is fetched into .venv and target.
# `cargo test` and `pytest` also work bare; this file only collects commands.

PYTHON ?= python3
VENV   := $(CURDIR)/.venv
BIN    := $(VENV)/bin
EXTRAS := pydantic,examples,embedded,mysql,test,lint
EFFORT ?= 20
# How many processes the tests run in: a number, or as many as fit the cores; 0 is this one, as without make.
JOBS   ?= auto
PYTEST := $(BIN)/python -m pytest -n $(JOBS)
# What draws its examples, bits and moments by chance.
CAMPAIGN := tests/pure tests/shared/test_random_combinations.py tests/shared/driver/test_postgresql_round_trips.py $(wildcard tests/shared/driver/test_*_bit_flips*.py) \
	tests/shared/driver/test_decode_errors_ways.py tests/shared/driver/test_postgresql_random_types.py tests/isolated/test_cancellation.py tests/isolated/test_cancelled_bulk.py tests/isolated/test_cancelled_multiplexing.py \
	tests/isolated/storm tests/isolated/test_hostile_campaign.py tests/isolated/test_hostile_floods.py \
	tests/isolated/test_longest_messages.py tests/shared/unit/test_machine.py tests/shared/unit/test_concurrent.py
# The interpreters that `make release` builds wheels for.
PYTHONS ?= $(BIN)/python
RUST   := Cargo.toml $(wildcard Cargo.lock) .cargo/config.toml $(shell find crates -name '*.rs' -o -name Cargo.toml)

# One interpreter for every cargo command: otherwise maturin and cargo would rebuild PyO3 for each other.
export PYO3_PYTHON := $(BIN)/python
export VIRTUAL_ENV := $(VENV)
# Prints the mark that maturin gives PyO3 of the interpreter; under another mark PyO3 and what is built on it are compiled anew.
SIGNATURE := 'import struct, sys; print("%s-%d.%d-%dbit" % (sys.implementation.name, *sys.version_info[:2], 8 * struct.calcsize("P")))'
# In front of commands that compile pycore with --release: the bundled SQLite has been compiled for it already.
SIGNED := export PYO3_ENVIRONMENT_SIGNATURE="$$($(BIN)/python -c $(SIGNATURE))";

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: another help demo test tls mysql campaign build lint facade bench docs release

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 14

demo: build ## run the main job on embedded SQLite and embedded PostgreSQL
	$(BIN)/python examples/quickstart.py

test: build ## run every test, Rust and Python
	cargo test --quiet -p pgwire
	$(SIGNED) cargo test --quiet --release -p pycore --test pile --test vfs
	$(PYTEST)

tls: build ## run the tests of the driver over TLS
	FERROW_TEST_TLS=1 $(PYTEST) tests/isolated tests/shared/driver

mysql: build ## run the tests that are marked mariadb on MySQL's own server
	$(BIN)/python -m tests.support.mysql -n $(JOBS) tests/shared

campaign: build ## try random values, flipped bits and cancellations EFFORT times as long as make test does
	cargo test --quiet -p pgwire -- --ignored
	FERROW_TEST_EFFORT=$(EFFORT) $(PYTEST) --timeout=7200 $(CAMPAIGN)

build: $(VENV)/.built ## create .venv and build the extension in release mode

lint: build ## style, types, floors, generated code, licences, clippy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/basedpyright
	PYTHONPATH=python $(BIN)/lint-imports --no-cache
	$(BIN)/python tools/facade.py --check
	$(BIN)/python tools/licences.py --check
	cargo fmt --all --check
	$(SIGNED) cargo clippy --quiet --release --workspace --all-targets -- -D warnings

facade: build ## write the sync classes from the async ones
	$(BIN)/python tools/facade.py

bench: $(VENV)/.bench ## compare with other libraries (medians and ratios)
	$(BIN)/python -m bench

docs: build ## run every code block of README.md and docs/
	$(PYTEST) tests/docs

release: $(VENV)/.release ## build the wheel and the source distribution into dist/, and try them as their users will
	PYTHONPATH=tools $(BIN)/python -m release $(PYTHONS)

# A .venv of another interpreter than the one that was asked for is made anew. Without PYTHON= whatever it has is right.
ifneq ($(origin PYTHON),file)
ifneq ($(wildcard $(VENV)/.tools),)
WHICH := -c 'import sys; print(sys.implementation.name, sys.version)'
ASKED := $(shell $(PYTHON) $(WHICH))
THERE := $(shell $(BIN)/python $(WHICH) 2>/dev/null)
ifneq ($(ASKED),$(THERE))
CLEAR := yes
$(VENV)/.tools: another
another:
	@echo '$(VENV) has $(or $(THERE),no Python that runs), PYTHON=$(PYTHON) is $(ASKED): it is made anew' >&2
endif
endif
endif

# --- stamps ----------------------------------------------------------------------------------------------------------

$(VENV)/.tools:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Ferrow needs Python 3.11 or newer, this is " \
		+ sys.version.split()[0] + ": try `make PYTHON=python3.12`")'
	@command -v cargo >/dev/null || { echo "Ferrow needs a Rust toolchain: cargo is not on the PATH" >&2; exit 1; }
	$(if $(CLEAR),,test -x $(BIN)/python ||) $(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'maturin>=1.9.3,<2'
	@touch $@

$(VENV)/.built: $(VENV)/.tools pyproject.toml $(RUST)
	$(BIN)/maturin develop --release --extras $(EXTRAS)
	@touch $@

$(VENV)/.bench: $(VENV)/.built
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'ferrow[bench]'
	@touch $@

$(VENV)/.release: $(VENV)/.built
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'ferrow[release]'
	@touch $@
