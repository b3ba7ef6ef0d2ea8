{# Build or test a node, unless it belongs to an area that this run passes over (note_unbuilt_areas).
   Arguments: materialization (macro): what builds or tests it otherwise, of the adapter.
   Returns: what a materialization returns: a mapping with the list of relations.
   Example: {{ return(skip_if_unbuilt(dbt.materialization_table_snowflake)) }} #}
{% macro skip_if_unbuilt(materialization) %}
  {%- set folders = model.original_file_path.split('/') -%}
  {%- if folders[0] == 'areas' and folders[1] in graph.get('spark9_unbuilt_areas', []) -%}
    {%- if model.resource_type == 'test' -%}
      {%- call statement('main', fetch_result=true) -%}select 0 as failures, false as should_warn, false as should_error{%- endcall -%}
    {%- else -%}
      {%- do store_raw_result('main', message='area not built', code='SKIP', rows_affected='0') -%}
    {%- endif -%}
    {% do return({'relations': []}) %}
  {%- endif -%}
  {% do return(materialization()) %}
{% endmacro %}

{# dbt's own tables and tests, which an area that was never built passes over. #}
{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
  {{ return(skip_if_unbuilt(dbt.materialization_table_duckdb)) }}
{% endmaterialization %}

{# The same on Snowflake. #}
{% materialization table, adapter='snowflake', supported_languages=['sql', 'python'] %}
  {{ return(skip_if_unbuilt(dbt.materialization_table_snowflake)) }}
{% endmaterialization %}

{# Tests on DuckDB. #}
{% materialization test, adapter='duckdb' %}
  {{ return(skip_if_unbuilt(dbt.materialization_test_default)) }}
{% endmaterialization %}

{# Tests on Snowflake. #}
{% materialization test, adapter='snowflake' %}
  {{ return(skip_if_unbuilt(dbt.materialization_test_snowflake)) }}
{% endmaterialization %}
