{# The SQL by which rows or waves are made, of an example that has every type and format.
   Arguments: of ('rows' or 'waves').
   Returns: statements (text), over names that stand for a client's tables.
   Example: {{ local_md5(code_example('rows')) }} #}
{% macro code_example(of) %}
{%- if of == 'rows' %}
{{ processed_rows('raw_data_staging', 'naming_keys', [{'load_ids': ['example'], 'columns': example_columns()}], [], '') }};

{{ supersede_rows_sql('processed_campaign_data', 'supersede', 'finest', 'select load_id from changed_loads') }}
{%- else %}
{{ scored_waves('processed_campaign_data', 'wave_schema_mapping', none, '') }}
{%- endif %}
{% endmacro %}
