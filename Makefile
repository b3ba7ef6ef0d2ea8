# Two commands: `make demo` and `make test`. The others are for daily work; `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SHELL := /bin/bash
export DBT_SEND_ANONYMOUS_USAGE_STATS := false

.PHONY: help install deps demo app engagement run-all test-pipeline golden generate-customers upload-customers load-customers \
  generate-transactions run-dbt train-churn validate-data run-baseline-eda run-delta-analysis run-full-eda airflow airflow-test screenshots test soak lint format docs emulator bench lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

$(VENV)/.installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

profiles.yml:
	cp profiles.yml.example profiles.yml

dbt_packages/.done: packages.yml | $(VENV)/.installed profiles.yml
	$(BIN)/python -m loader.project.packages

install: $(VENV)/.installed profiles.yml dbt_packages/.done ## make .venv from the lock, profiles.yml and dbt_packages

deps: $(VENV)/.installed profiles.yml ## fetch dbt packages, or put a placeholder where the hub can't be reached
	$(BIN)/python -m loader.project.packages

demo: install ## onboard three clients, load nine waves, build, print the result
	@PATH="$(CURDIR)/$(BIN):$$PATH" bash samples/demo.sh

test: install ## every test: dbt unit tests, pytest, the README's commands in a clone
	$(BIN)/python -m pytest

golden: install ## write the hashes of all known tables and plans anew (tests/golden), where a change of them is meant
	$(BIN)/python -m tests.golden

soak: install ## half an hour of random orders, kills and fuzzing; writes docs/reliability.md
	$(BIN)/python -m pytest -m soak
	$(BIN)/python -m tests.faults.soak

lint: install ## ruff, mypy, import-linter, sqlfluff, and that generated files are as generated
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sqlfluff lint --processes 2 models tests/data
	$(BIN)/spark9 client check
	$(BIN)/python samples/generate.py --check

format: install ## let ruff write the Python code
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

app: install ## serve the web pages on http://127.0.0.1:8501, of the demo where nothing is loaded yet
	@[ -f warehouse/spark9.duckdb ] || [ -n "$$SPARK9_DUCKDB_PATH$$SPARK9_TARGET" ] || $(MAKE) demo
	$(BIN)/python -m app

engagement: install ## put sample customers and clicks in a local S3, take them in, build, check; again changes nothing
	@[ -f warehouse/spark9.duckdb ] || [ -n "$$SPARK9_DUCKDB_PATH$$SPARK9_TARGET" ] || $(MAKE) demo
	@$(BIN)/python samples/engagement.py

# Customer 360 (docs/customer_360.md): all of it, or step by step. A command that says nothing of its own passes nothing on.
CUSTOMER_360 = $(BIN)/spark9 customer-360
COUNT = $(if $(CUSTOMER_COUNT),--customer-count $(CUSTOMER_COUNT)) $(if $(SEED),--seed $(SEED)) $(if $(AS_OF),--as-of $(AS_OF)) $(if $(FRESH),--fresh)
IN_BUCKET = $(if $(BUCKET),--bucket $(BUCKET))

run-all: install ## generate 50,000 card customers with 18 months, load, build, train, validate, report (CUSTOMER_COUNT=, SEED=, AS_OF=, BUCKET=)
	@$(CUSTOMER_360) run-all $(COUNT) $(IN_BUCKET)

test-pipeline: install ## the same with 1,000 customers, in a database of its own that goes afterwards
	@set -e; folder=$$(mktemp -d); trap "rm -rf $$folder" EXIT; SPARK9_DUCKDB_PATH=$$folder/pipeline.duckdb $(CUSTOMER_360) run-all --customer-count 1000

generate-customers: install
	@$(CUSTOMER_360) generate-customers $(COUNT)

upload-customers: install
	@$(CUSTOMER_360) upload-customers --bucket "$(BUCKET)"

load-customers: install
	@$(CUSTOMER_360) load-customers $(IN_BUCKET)

generate-transactions: install
	@$(CUSTOMER_360) generate-transactions $(if $(AS_OF),--as-of $(AS_OF))

run-dbt train-churn validate-data run-baseline-eda run-delta-analysis run-full-eda: install
	@$(CUSTOMER_360) $@

.venv-airflow/.installed: orchestration/airflow/requirements.lock
	$(PYTHON) -m venv .venv-airflow
	.venv-airflow/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r orchestration/airflow/requirements.lock
	touch $@

airflow: install .venv-airflow/.installed ## serve Airflow with the DAG of engagement on http://127.0.0.1:8080
	AIRFLOW_HOME=$(CURDIR)/.airflow AIRFLOW__CORE__DAGS_FOLDER=$(CURDIR)/orchestration/airflow/dags \
	  AIRFLOW__CORE__LOAD_EXAMPLES=False AIRFLOW__DAG_PROCESSOR__DAG_FILE_PROCESSOR_TIMEOUT=180 \
	  AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT=120 PATH="$(CURDIR)/.venv-airflow/bin:$$PATH" airflow standalone

airflow-test: install .venv-airflow/.installed ## run the DAG of engagement whole, on DuckDB and a local S3 (five minutes)
	$(BIN)/python -m pytest -m airflow -n 0 tests/orchestration

screenshots: install ## take the pictures of the pages in docs/images (needs Chromium)
	$(BIN)/python -m docs.make_screenshots

docs: install ## build dbt docs and serve them on port 8080
	@trap "rm -f macros/_macros.yml" EXIT; $(BIN)/python -m docs.describe_macros > macros/_macros.yml && $(BIN)/dbt docs generate --selector all --static
	$(BIN)/dbt docs serve --port 8080

emulator: install ## serve a Snowflake emulator to try things on; Ctrl-C ends it
	$(BIN)/python -m tests.emulator

.venv-bench/.installed: bench/requirements.lock
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r bench/requirements.lock
	touch $@

bench: install .venv-bench/.installed ## measure for an hour, and write bench/RESULTS.md, PAGES.md, ENGAGEMENT.md and CUSTOMER_360.md
	$(BIN)/python -m bench
	$(BIN)/python -m bench.pages
	$(BIN)/python -m bench.engagement
	$(BIN)/python -m bench.customer_360

lock: ## pin the dependencies again (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --extra app --extra customer-360 --extra dev --extra feeds --extra snowflake pyproject.toml \
	  --custom-compile-command "make lock" -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras \
	  --custom-compile-command "make lock" bench/requirements.in -o bench/requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras \
	  --custom-compile-command "make lock" orchestration/airflow/requirements.in -o orchestration/airflow/requirements.lock

clean: ## remove what building leaves behind; data in warehouse/ stays
	rm -rf target logs .pytest_cache .mypy_cache .ruff_cache
