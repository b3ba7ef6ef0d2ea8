{# The columns of raw_row_columns() with their types and no value, for a build with nothing pending.
   Returns: a list of select expressions (text).
   Example: select {{ empty_raw_row() }} where false #}
{% macro empty_raw_row() -%}
cast(null as varchar) as load_id,
        cast(null as bigint) as row_number,
        cast(null as integer) as wave_number,
        cast(null as varchar) as wave_name,
        cast(null as varchar) as file_name,
        cast(null as {{ type_timestamp() }}) as upload_timestamp,
        cast(null as integer) as schema_version
{%- endmacro %}
