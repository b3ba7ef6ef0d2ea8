{# The loads whose rows have passed no build's tests since they were last processed. So a build reads the rows of its own loads and of those
   that failed before, however long the history is; `dbt test` reads them all.
   Arguments: client_schema (string).
   Returns: list of load_ids, or none for all.
   Example: {% set loads = loads_to_test('client_acme_meta_2024') %} #}
{% macro loads_to_test(client_schema) %}
  {%- if not execute or flags.WHICH != 'build' or flags.FULL_REFRESH or not var('skip_unchanged') -%}
    {% do return(none) %}
  {%- endif -%}
  {%- set log = source(client_schema, 'processing_log') -%}
  {%- set query -%}
    select load_id
    from {{ log }}
    where
      status = 'SUCCESS'
      and processing_stage = 'PROCESS'
    group by load_id
    having max(processing_timestamp) > (
      select coalesce(max(processing_timestamp), cast('1970-01-01' as {{ type_timestamp() }}))
      from {{ log }}
      where processing_stage = 'TEST'
    )
    order by load_id
  {%- endset -%}
  {% do return(run_query(query).columns[0].values() | list) %}
{% endmacro %}
