# `make up` and `make test` are all that a newcomer needs; `make help` lists the rest.
# Needs Python 3.11 or later and make. Another interpreter: make up PYTHON=python3.13

PYTHON ?= python3
STACK ?= dev
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.made
REQUIREMENTS := requirements-dev.txt requirements.txt policies/requirements.txt
CHECKED := .
# One process for each core, four at most: each test on the engine takes up to 700 MB.
PARALLEL := --numprocesses=auto --maxprocesses=4

.DEFAULT_GOAL := help
.PHONY: help install up preview refresh down export reference policy-docs bench-policies \
  mutate-policies test lint format types clean FORCE

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile
	@echo "Stack: STACK=$(STACK). More: $(BIN)/python -m sandbox --help"

install: $(STAMP) ## Make the virtual environment that everything runs in

up: $(STAMP) ## Deploy the stack into the sandbox, with the policy pack
	@$(BIN)/python -m sandbox up --stack $(STACK)

preview: $(STAMP) ## Show what `make up` would change
	@$(BIN)/python -m sandbox preview --stack $(STACK)

refresh: $(STAMP) ## Take the sandbox's cloud over into the stack's state
	@$(BIN)/python -m sandbox refresh --stack $(STACK)

down: $(STAMP) ## Delete the stack from the sandbox
	@$(BIN)/python -m sandbox down --stack $(STACK)

export: $(STAMP) ## Print the stack's state
	@$(BIN)/python -m sandbox export --stack $(STACK)

reference: $(STAMP) ## Write docs/reference, and the guides' tables, from the source
	@$(BIN)/python -m docs.reference.generate
	@$(BIN)/python -m docs.queue_scaling.generate

policy-docs: $(STAMP) ## Write docs/policies, a page for each rule of the pack, and docs/policy_oracle
	@PYTHONPATH=policies $(BIN)/python -m docs.policies.generate
	@PYTHONPATH=policies $(BIN)/python -m docs.policy_oracle.generate

bench-policies: $(STAMP) ## Measure what the policy pack adds to previews of 100 to 5,000 resources
	@$(BIN)/python -m tests.policies.benchmark

mutate-policies: $(STAMP) ## Break the policy pack's rules bit by bit: which changes no test notices
	@PYTHONPATH=policies $(BIN)/python -m tests.policies.mutation $(RULES)

# Every check runs, whichever fails before; CI runs this very target.
test: $(STAMP) ## Everything that CI runs: format, lint, types, all tests
	@result=0; \
	$(BIN)/ruff format --check $(CHECKED) || result=$$?; \
	$(BIN)/ruff check $(CHECKED) || result=$$?; \
	$(BIN)/mypy || result=$$?; \
	$(BIN)/mypy policies/__main__.py || result=$$?; \
	$(BIN)/pytest $(PARALLEL) $(PYTEST_ARGS) || result=$$?; \
	exit $$result

lint: $(STAMP) ## Check format and style
	@$(BIN)/ruff format --check $(CHECKED)
	@$(BIN)/ruff check $(CHECKED)

format: $(STAMP) ## Rewrite files in the project's format
	@$(BIN)/ruff format $(CHECKED)
	@$(BIN)/ruff check --fix $(CHECKED)

types: $(STAMP) ## Check types
	@$(BIN)/mypy
	@$(BIN)/mypy policies/__main__.py

clean: ## Remove the virtual environment, the sandbox with all its stacks, and caches
	@rm -rf $(VENV) .sandbox .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamp holds this folder's path and the requirements' text. A virtual environment that was
# copied here from another folder runs that folder's interpreter, so it is made anew; changed
# requirements are only installed.
define MADE_FROM
{ pwd -P; cat $(REQUIREMENTS); }
endef

$(STAMP): FORCE
	@$(MADE_FROM) | cmp -s - $@ || { set -e; \
	if ! head -n 1 $@ 2>/dev/null | grep -qxF "$$(pwd -P)" || ! $(BIN)/python -c '' 2>/dev/null; then \
	  command -v $(PYTHON) >/dev/null || { \
	    echo "There is no $(PYTHON): install Python 3.11 or later, or name one: make PYTHON=..." >&2; exit 1; }; \
	  $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "$$($(PYTHON) -V) is too old: Python 3.11 or later is needed; name one: make PYTHON=..." >&2; exit 1; }; \
	  $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	    echo "$(PYTHON) cannot make virtual environments: on Debian and Ubuntu, install python3-venv." >&2; exit 1; }; \
	  echo "Making the virtual environment $(VENV) with $$($(PYTHON) -V)."; \
	  $(PYTHON) -m venv --clear $(VENV); \
	fi; \
	$(BIN)/python -m sandbox.requirements requirements-dev.txt; \
	$(MADE_FROM) > $@; }

FORCE:
