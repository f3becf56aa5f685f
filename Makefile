# Everything lives in this checkout (.local/, node_modules/); nothing needs root, and only Python >= 3.11 is needed.
PYTHON ?= python3
ITEMS ?= 1000000
export PORT PYTEST_WORKERS

VENV := .local/venv/bin
SETUP := $(PYTHON) -m deploy.local.bootstrap
LOCAL := exec $(VENV)/python -m deploy.local
WITH_SERVERS := $(LOCAL).run
COMPILE := $(VENV)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --custom-compile-command "make lock" --no-strip-extras $(UPGRADE)

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint format schema bench dataset fuzz faults audit lock messages clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

setup: ## Set up for tests and development
	@$(SETUP) test

demo: ## Run the whole portal with fictional data (PORT=8000)
	@$(SETUP) demo
	@$(LOCAL).demo

test: setup ## Run the gates and every test (ARGS= goes to pytest)
	@$(LOCAL).run_tests $(ARGS)

lint: setup ## Run the gates alone
	@$(LOCAL).lint

format: setup ## Bring code into the house style
	@$(VENV)/ruff check --fix --quiet . ; $(VENV)/ruff format --quiet .

schema: setup ## Write docs/openapi.yaml
	@$(LOCAL).write_schema

bench: setup ## Measure against the floors; prints JSON
	@$(WITH_SERVERS) --durable bench python -m tests.bench

dataset: setup ## Fill a database with ITEMS= items
	@$(WITH_SERVERS) --durable bench python manage.py seed_demo --items $(ITEMS)

fuzz: setup ## Throw generated requests at the API, and 5,000 random histories at the clocks
	@$(WITH_SERVERS) test python -m pytest -m contract tests/contracts
	@PORTAL_CLOCK_HISTORIES=5000 $(WITH_SERVERS) test python -m pytest tests/referrals/test_stored_clocks.py

faults: setup ## Kill workers and flush brokers
	@PORTAL_FAULTS_DELIVERIES=10000 $(WITH_SERVERS) test python -m pytest -m faults

audit: setup ## Look for known vulnerabilities in the lock
	@$(VENV)/pip-audit --require-hashes --disable-pip -r requirements/runtime.txt

lock: setup ## Write the lock files from pyproject.toml and package.json (UPGRADE=--upgrade)
	@$(COMPILE) pyproject.toml -o requirements/runtime.txt
	@$(COMPILE) pyproject.toml --extra local -c requirements/runtime.txt -o requirements/local.txt
	@$(COMPILE) pyproject.toml --extra local --extra dev -c requirements/local.txt -o requirements/dev.txt
	@$(COMPILE) requirements/bootstrap.in -o requirements/bootstrap.txt
	@$(COMPILE) requirements/node.in -o requirements/node.txt
	@$(LOCAL).lock_assets

messages: setup ## Collect texts for translation
	@$(WITH_SERVERS) dev python manage.py collect_messages

clean: ## Stop what runs in the background and remove everything generated
	@$(firstword $(wildcard $(VENV)/python) $(PYTHON)) -m deploy.local.clean
