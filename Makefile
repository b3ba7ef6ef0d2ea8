# Two commands: `make demo` and `make test`. `make help` lists the others, in these groups and this order. A target stands in the
# group named above it, in this file or in a fragment that it includes.
##@ Start here
##@ Daily work
##@ Areas
##@ Quality
##@ Maintenance
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SHELL := /bin/bash
export DBT_SEND_ANONYMOUS_USAGE_STATS := false

.PHONY: help install deps demo app golden screenshots test test-all soak drills lint format docs emulator bench lock clean monitoring monitoring-package evaluate native-project dependencies jobs

##@ Start here
help: ## list the targets
	@awk '/^##@ / { group = substr($$0, 5); if (!(group in listed)) { order[++groups] = group; listed[group] = "" } } \
	  /^[a-z][a-z0-9-]*::?.* ## / { listed[group] = listed[group] sprintf("  %-16s %s\n", substr($$1, 1, index($$1, ":") - 1), substr($$0, index($$0, " ## ") + 4)) } \
	  END { for (at = 1; at <= groups; at++) if (listed[order[at]] != "") print order[at] "\n" listed[order[at]] }' $(MAKEFILE_LIST)

$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c "import sys; sys.exit('spark9 needs Python 3.11 or later, and $(PYTHON) is %d.%d. Name another: make install PYTHON=python3.12' % sys.version_info[:2] if sys.version_info < (3, 11) else 0)"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

profiles.yml:
	cp profiles.yml.example profiles.yml

dbt_packages/.done: packages.yml | $(VENV)/.installed profiles.yml
	$(BIN)/python -m loader.project.packages --placeholders
	touch $@

install: $(VENV)/.installed profiles.yml dbt_packages/.done ## create .venv from the lock, profiles.yml and dbt_packages

##@ Maintenance
deps: $(VENV)/.installed profiles.yml ## fetch the dbt packages, for builds with SPARK9_ELEMENTARY=true
	$(BIN)/python -m loader.project.packages

##@ Start here
demo: install ## onboard three clients, load nine waves, build, print the result
	@PATH="$(CURDIR)/$(BIN):$$PATH" bash samples/demo.sh

##@ Quality
# compiled Python is kept, or each process that a test starts compiles the project anew
test test-all: export PYTHONDONTWRITEBYTECODE :=
test: install ## the quick tests of everything: at most five minutes on two cores
	$(BIN)/python -m pytest -m "not slow and not soak and not airflow"

test-all: install ## every test; what CI runs
	$(BIN)/python -m pytest

golden: install ## rewrite the hashes of all known tables and plans (tests/golden) after a deliberate change
	$(BIN)/python -m tests.golden

##@ Maintenance
soak: install ## forty minutes of random orders, kills and fuzzing; writes docs/reliability.md
	$(BIN)/python -m pytest -m soak
	$(BIN)/python -m tests.faults.soak

##@ Maintenance
drills: install ## follow the runbooks, lose and recover; writes docs/runbooks/DRILLS.md
	$(BIN)/python -m tests.faults.drills

##@ Quality
lint: install ## ruff, mypy, import-linter, sqlfluff, and a check that generated files are up to date
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sqlfluff lint --processes 2 models tests/data $(wildcard areas/*/models areas/*/macros/tests)
	$(BIN)/spark9 client check
	$(BIN)/python samples/generate.py --check

format: install ## format the Python code with ruff
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

##@ Daily work
app: install ## serve the web pages on http://127.0.0.1:8501; runs the demo first if nothing is loaded
	@[ -f warehouse/spark9.duckdb ] || [ -n "$$SPARK9_DUCKDB_PATH$$SPARK9_TARGET" ] || $(MAKE) demo
	$(BIN)/python -m app

##@ Maintenance
screenshots: install ## take the screenshots in docs/images (needs Chromium)
	$(BIN)/python -m docs.make_screenshots

##@ Daily work
docs: install ## build dbt docs and serve them on port 8080
	@trap "rm -f macros/_macros.yml" EXIT; $(BIN)/python -m docs.describe_macros > macros/_macros.yml && $(BIN)/dbt docs generate --selector all --static
	$(BIN)/dbt docs serve --port 8080

##@ Maintenance
native-project: install ## write what Snowflake runs of the last commit to target/native_project (docs/snowflake.md)
	rm -rf target/native_project
	$(BIN)/python -m ops.native_project target/native_project

##@ Maintenance
emulator: install ## serve a Snowflake emulator to experiment with; stop it with Ctrl-C
	$(BIN)/python -m tests.emulator

.venv-bench/.installed: bench/requirements.lock
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r bench/requirements.lock
	touch $@

bench: install .venv-bench/.installed ## run the benchmarks (an hour); writes bench/RESULTS.md, bench/PAGES.md and the areas' BENCH.md
	$(BIN)/python -m bench
	$(BIN)/python -m bench.pages
	for file in $(wildcard areas/*/bench.py); do $(BIN)/python -m $$(echo $${file%.py} | tr / .) || exit; done

# said before the minutes that the environment takes
monitoring-package: install
	@$(BIN)/python -m ops.monitoring

.venv-monitoring/.installed: ops/monitoring/requirements.lock | monitoring-package
	$(PYTHON) -m venv .venv-monitoring
	.venv-monitoring/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r ops/monitoring/requirements.lock
	touch $@

##@ Daily work
monitoring: install monitoring-package .venv-monitoring/.installed ## look for anomalies in the marts with elementary, and write its report (AS_OF=)
	$(BIN)/python -m ops.monitoring .venv-monitoring $(if $(AS_OF),--as-of $(AS_OF))

##@ Quality
evaluate: export SPARK9_PROJECT_EVALUATOR := true
evaluate: export SPARK9_DBT_PACKAGES := target/evaluator/dbt_packages
evaluate: export SPARK9_DUCKDB_PATH := target/evaluator/evaluator.duckdb
evaluate: install ## check the project by the rules of dbt_project_evaluator (docs/dbt_community.md)
	@mkdir -p target/evaluator
	@$(BIN)/dbt --quiet deps || { echo "The dbt package hub can't be reached; nothing was evaluated." >&2; exit 1; }
	$(BIN)/dbt --quiet build --select package:dbt_project_evaluator dbt_project_evaluator_exceptions --target-path target/evaluator

.venv-dependencies/.installed: ops/dependencies/requirements.lock
	$(PYTHON) -m venv .venv-dependencies
	.venv-dependencies/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r ops/dependencies/requirements.lock
	touch $@

##@ Maintenance
dependencies: install .venv-dependencies/.installed ## look up known vulnerabilities of the locks; list packages (CycloneDX) and licences
	$(BIN)/python -m ops.dependencies .venv-dependencies

.venv-jobs/.installed: orchestration/requirements.lock
	$(PYTHON) -m venv .venv-jobs
	.venv-jobs/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r orchestration/requirements.lock
	touch $@

##@ Maintenance
jobs: .venv-jobs/.installed ## check the jobs of dbt Cloud and the workflows of GitHub Actions
	.venv-jobs/bin/dbt-jobs-as-code validate orchestration/dbt_cloud/jobs.yml --vars-yml orchestration/dbt_cloud/production.example.yml 2>&1 | tee /dev/stderr | grep -q "valid YML format"
	.venv-jobs/bin/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml

##@ Maintenance
lock:: ## update the lock files (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --extra app --extra customer-360 --extra dev --extra feeds --extra recovery --extra snowflake pyproject.toml \
	  --custom-compile-command "make lock" -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras \
	  --custom-compile-command "make lock" bench/requirements.in -o bench/requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras \
	  --custom-compile-command "make lock" ops/monitoring/requirements.in -o ops/monitoring/requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras \
	  --custom-compile-command "make lock" ops/dependencies/requirements.in -o ops/dependencies/requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras \
	  --custom-compile-command "make lock" orchestration/requirements.in -o orchestration/requirements.lock

clean: ## remove build output; keeps the data in warehouse/
	rm -rf target logs .pytest_cache .mypy_cache .ruff_cache

# targets of the areas
-include areas/*/area.mk
