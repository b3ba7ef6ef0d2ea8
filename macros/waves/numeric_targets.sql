{# The typed numeric columns that a client's mappings fill: core ones and promoted ones.
   Arguments: mapping (relation wave_schema_mapping of a client).
   Returns: list of column names; empty while dbt parses.
   Example: {% for target in numeric_targets(source(schema, 'wave_schema_mapping')) %}sum({{ target }}){% endfor %} #}
{% macro numeric_targets(mapping) %}
  {%- if not execute -%}{% do return([]) %}{%- endif -%}
  {%- set query -%}
    select distinct target_column
    from {{ mapping }}
    where
      mapping_rule in ('core', 'promote')
      and column_type in ('integer', 'decimal', 'percent')
      and ordinal is not null
    order by target_column
  {%- endset -%}
  {% do return(run_query(query).columns[0].values() | list) %}
{% endmacro %}
