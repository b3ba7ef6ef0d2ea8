{# Which rows of its file a relation holds of each load, in figures that differ when the rows do.
   Arguments: relation (with load_id, schema_version, wave_number, row_number), condition (text).
   Returns: a select statement (text): one row a load and mapping.
   Example: {{ rows_of_loads(staging, "row_kind = 'data'") }} #}
{% macro rows_of_loads(relation, condition='true') -%}
select
    load_id,
    schema_version,
    max(wave_number) as wave_number,
    count(*) as row_count,
    sum(row_number) as number_sum,
    sum(row_number * row_number) as square_sum,
    min(row_number) as first_row,
    max(row_number) as last_row
from {{ relation }}
where {{ condition }}
group by load_id, schema_version
{%- endmacro %}
