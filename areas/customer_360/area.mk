.PHONY: run-all test-pipeline generate-customers upload-customers load-customers generate-transactions \
  run-dbt train-churn validate-data run-baseline-eda run-delta-analysis run-full-eda

# All of it, or step by step. Variables that are not set pass no option.
CUSTOMER_360 = $(BIN)/spark9 customer-360
COUNT = $(if $(CUSTOMER_COUNT),--customer-count $(CUSTOMER_COUNT)) $(if $(SEED),--seed $(SEED)) $(if $(AS_OF),--as-of $(AS_OF)) $(if $(FRESH),--fresh)
IN_BUCKET = $(if $(BUCKET),--bucket $(BUCKET))

##@ Areas
run-all: install ## generate 50,000 card customers with 18 months, load, build, train, validate, report (CUSTOMER_COUNT=, SEED=, AS_OF=, BUCKET=)
	@$(CUSTOMER_360) run-all $(COUNT) $(IN_BUCKET)

test-pipeline: install ## the same with 1,000 customers, in a temporary database
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
