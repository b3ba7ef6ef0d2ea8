{# Every statement of deploy_customer_360_native(): procedures that generate where the data is, a chain of tasks that generates, builds,
   trains and refreshes each Sunday, and a stream whose task merges new transactions into the fact every five minutes.
   Arguments: customers, seed (integers: of the weekly generation), source (string or none: see deploy_native()).
   Returns: statements (text), each ended by a semicolon. New tasks are suspended, as Snowflake makes them.
   Example: {{ customer_360_native_ddl(50000, 42) }} #}
{% macro customer_360_native_ddl(customers, seed, source=none) %}
{%- do only_on_snowflake('customer_360_native_ddl') %}
{%- set native = native_schema() %}
{%- set bronze = bronze_schema() %}
{%- set gold = target.database ~ '.' ~ (schema_with_prefix('gold') | trim) %}
{%- set version = text_literal(var('snowflake').native_dbt_version) %}
{%- set dbt = 'execute dbt project ' ~ native ~ '.spark9_customer_360 args = ' %}
use role accountadmin;
grant execute task on account to role {{ functional_role('admin') }};
grant usage on warehouse {{ warehouse_of('transformer') }} to role {{ functional_role('admin') }};
use role {{ functional_role('admin') }};
create schema if not exists {{ native }} with managed access;
{{ generate_customers_procedure_ddl(bronze) }}
{{ generate_transactions_procedure_ddl(bronze) }}
{%- if source %}
create or replace dbt project {{ native }}.spark9_customer_360 from {{ text_literal(source) }};
{%- endif %}
{#- earlier versions had them in the schema native #}
alter task if exists {{ native }}.generate_customer_data suspend;
{%- for task in customer_360_tasks() + ['merge_new_transactions'] %}
drop task if exists {{ native }}.{{ task }};
{%- endfor %}
create stream if not exists {{ bronze }}.bronze_transactions_stream on table {{ bronze }}.raw_transactions append_only = true;

create or replace task {{ bronze }}.generate_customer_data
    warehouse = {{ warehouse_of('transformer') }}
    schedule = 'using cron 0 2 * * 0 UTC'
    allow_overlapping_execution = false
as
    call {{ bronze }}.generate_customers({{ customers }}, {{ seed }});

create or replace task {{ bronze }}.generate_transaction_data
    warehouse = {{ warehouse_of('transformer') }}
    after {{ bronze }}.generate_customer_data
as
    call {{ bronze }}.generate_transactions();

create or replace task {{ bronze }}.run_dbt_transformations
    warehouse = {{ warehouse_of('transformer') }}
    after {{ bronze }}.generate_transaction_data
as
    {{ dbt }}'build --selector customer_360_models --target prod' dbt_version = {{ version }};

create or replace task {{ bronze }}.train_churn_model
    warehouse = {{ warehouse_of('transformer') }}
    after {{ bronze }}.run_dbt_transformations
as
    {{ dbt }}'build --selector customer_360_churn --target prod' dbt_version = {{ version }};

create or replace task {{ bronze }}.refresh_analytics_views
    warehouse = {{ warehouse_of('transformer') }}
    after {{ bronze }}.train_churn_model
as
    {{ dbt }}'build --select tag:validation areas/customer_360/models/customer_360/telemetry areas/customer_360/models/customer_360/insights --target prod' dbt_version = {{ version }};

create or replace task {{ bronze }}.process_incremental_transactions
    warehouse = {{ warehouse_of('transformer') }}
    schedule = '5 minutes'
    allow_overlapping_execution = false
    when system$stream_has_data({{ text_literal(bronze ~ '.bronze_transactions_stream') }})
as
    {{ merge_transactions_sql(gold, bronze ~ '.bronze_transactions_stream') }};
{%- if target.role %}
use role {{ target.role }};
{%- endif %}
{% endmacro %}
