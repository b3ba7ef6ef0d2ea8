{# On DuckDB, dbt's delete+insert on load_id without its table in between, for a client's model that is there already; it does not read
   itself and needs none: a wave is written once, not twice, and a large one fits in half the memory (docs/decisions/0017). Any other model is
   left to dbt's own materialization.
   Returns: what a materialization returns: a mapping with the list of relations.
   Example: {{ return(skip_if_up_to_date(insert_loads)) }} #}
{% macro insert_loads() %}
  {%- set client_schema = config.get('meta', {}).get('client_schema') -%}
  {%- if not client_schema or config.get('unique_key') != 'load_id' or not is_incremental() -%}
    {% do return(dbt.materialization_incremental_duckdb()) %}
  {%- endif -%}
  {%- set existing = load_cached_relation(this) -%}
  {{ run_hooks(pre_hooks, inside_transaction=false) }}
  {{ run_hooks(pre_hooks, inside_transaction=true) }}
  {%- set there = adapter.get_columns_in_relation(existing) | map(attribute='name') | list -%}
  {%- for column in promoted_columns(client_schema) if column.name not in there -%}
    {%- do run_query('alter table ' ~ existing ~ ' add column ' ~ column.name ~ ' ' ~ column_types()[column.type].sql) -%}
  {%- endfor -%}
  {%- call statement('main') %}
    delete from {{ existing }}
    where load_id in (select load_id from {{ source(client_schema, 'raw_data_staging') }} where not processed_flag);

    insert into {{ existing }} by name
    {{ compiled_code }}
  {%- endcall %}
  {% do persist_docs(existing, model) %}
  {{ run_hooks(post_hooks, inside_transaction=true) }}
  {% do adapter.commit() %}
  {{ run_hooks(post_hooks, inside_transaction=false) }}
  {% do return({'relations': [existing]}) %}
{% endmacro %}
