.PHONY: engagement airflow airflow-test

##@ Areas
engagement: install ## put sample customers and clicks in a local S3, ingest, build, check; running it again changes nothing
	@[ -f warehouse/spark9.duckdb ] || [ -n "$$SPARK9_DUCKDB_PATH$$SPARK9_TARGET" ] || $(MAKE) demo
	@$(BIN)/python -m areas.engagement.sample

.venv-airflow/.installed: areas/engagement/airflow/requirements.lock
	$(PYTHON) -m venv .venv-airflow
	.venv-airflow/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r areas/engagement/airflow/requirements.lock
	touch $@

airflow: install .venv-airflow/.installed ## serve Airflow with the DAG of engagement on http://127.0.0.1:8080
	AIRFLOW_HOME=$(CURDIR)/.airflow AIRFLOW__CORE__DAGS_FOLDER=$(CURDIR)/areas/engagement/airflow/dags \
	  AIRFLOW__CORE__LOAD_EXAMPLES=False AIRFLOW__DAG_PROCESSOR__DAG_FILE_PROCESSOR_TIMEOUT=180 \
	  AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT=120 PATH="$(CURDIR)/.venv-airflow/bin:$$PATH" airflow standalone

airflow-test: install .venv-airflow/.installed ## run the whole DAG of engagement on DuckDB and a local S3 (five minutes)
	$(BIN)/python -m pytest -m airflow -n 0 areas/engagement/tests/airflow

lock::
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras \
	  --custom-compile-command "make lock" areas/engagement/airflow/requirements.in -o areas/engagement/airflow/requirements.lock
