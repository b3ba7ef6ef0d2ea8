{# Build or test a node, unless it belongs to an area that this run passes over (note_unbuilt_areas). A test whose tables are all there, such
   as one of raw rows, is run nevertheless.
   Arguments: materialization (macro): what builds or tests it otherwise, of the adapter.
   Returns: what a materialization returns: a mapping with the list of relations.
   Example: {{ return(skip_if_unbuilt(dbt.materialization_table_snowflake)) }} #}
{% macro skip_if_unbuilt(materialization) %}
  {%- set folders = model.original_file_path.split('/') -%}
  {%- set missing = missing_of_unbuilt_area(nodes_of_area(folders[1])) if folders[0] == 'areas' else [] -%}
  {%- if missing and model.resource_type != 'test' -%}
    {%- do store_raw_result('main', message='area not built', code='SKIP', rows_affected='0') -%}
    {% do return({'relations': []}) %}
  {%- elif model.depends_on.nodes | select('in', missing) | list -%}
    {%- call statement('main', fetch_result=true) -%}select 0 as failures, false as should_warn, false as should_error{%- endcall -%}
    {% do return({'relations': []}) %}
  {%- endif -%}
  {% do return(materialization()) %}
{% endmacro %}

{# A table of an area that joins it with the waves, and so is selected with them. Models that only the area selects are plain tables. #}
{% materialization area_table, adapter='duckdb' %}
  {{ return(skip_if_unbuilt(dbt.materialization_table_duckdb)) }}
{% endmaterialization %}

{# The same on Snowflake. #}
{% materialization area_table, adapter='snowflake' %}
  {{ return(skip_if_unbuilt(dbt.materialization_table_snowflake)) }}
{% endmaterialization %}

{# Tests on DuckDB. #}
{% materialization test, adapter='duckdb' %}
  {{ return(skip_if_unbuilt(dbt.materialization_test_default)) }}
{% endmaterialization %}

{# Tests on Snowflake. #}
{% materialization test, adapter='snowflake' %}
  {{ return((skip_if_idle if client_of_node(model.fqn) else skip_if_unbuilt)(dbt.materialization_test_snowflake)) }}
{% endmaterialization %}
