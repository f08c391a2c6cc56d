# Everything runs in .venv, made from uv.lock; nothing is installed outside it.
# `make` alone lists what there is.

VENV   := .venv
BIN    := $(VENV)/bin
# The installer is itself pinned by the lock.
UV     := $(shell awk '/^name = "uv"$$/ {getline; gsub(/[^0-9.]/, ""); print; exit}' uv.lock)
# Debian may lack ensurepip: then the outer pip fills the environment.
MKVENV  = python3 -m venv $(VENV) 2>/dev/null || python3 -m venv --without-pip $(VENV)

# A release is dated by the commit it is made from, never by a clock.
export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null)

.PHONY: help setup release test test-browser test-readers lint bench ui

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: $(VENV)/.ready ## make .venv from the lock

$(VENV)/.ready: uv.lock pyproject.toml
	@$(MKVENV)
	@python3 -m pip --python $(BIN)/python install --quiet --disable-pip-version-check uv==$(UV)
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv sync --quiet --frozen --extra fast --extra web
	@touch $@

release: setup ## run the pipeline over seeds/ and publish into dist/
	@$(BIN)/dehusk release

test: setup ## run the tests
	@$(BIN)/python -m pytest -m "not browser and not readers" -n auto --dist loadfile

test-browser: setup ## press the buttons of the real UI in a headless browser
	@$(BIN)/python -m pytest -m browser tests/browser

test-readers: setup ## load a release in everything it is read with, and hold it to the standards it claims
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv sync --quiet --frozen --all-extras --group readers
	@$(BIN)/python -m pytest -m readers tests/readers

lint: setup ## ask the linter and the type checker
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --quiet --check
	@$(BIN)/mypy

bench: setup ## a small corpus beside plain Python, and the limits of this machine; with the peers: python tests/bench
	@$(BIN)/python tests/bench --smoke
	@$(BIN)/python tests/bench/segmentation.py

ui: setup ## open Dagster on http://localhost:3000
	@$(BIN)/dehusk ui
