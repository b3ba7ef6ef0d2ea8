{# All that the loader's tables of a client hold beside the cells of its files: with the originals, what `spark9 rebuild` makes the tables
   of. Of raw_data_staging it has a row for each load ('loads') and each row that is not data ('other_rows'); the other tables are whole.
   Arguments: schema_name (string): the client's schema, with the target's prefix.
   Returns: a select of table_name and entry, a JSON object of texts by column.
   Example: {% set entries = run_query(ledger_sql('client_acme_meta_2024')) %} #}
{% macro ledger_sql(schema_name) %}
  {%- set staging = schema_name ~ '.raw_data_staging' -%}
  {%- set of_load = ['wave_number', 'wave_name', 'upload_timestamp', 'file_name', 'schema_version'] -%}
  {%- set of_row = ['load_id', 'row_number', 'row_kind', 'row_reason'] -%}
  select 'loads' as table_name, {{ ledger_entry(['load_id'] + of_load + ['row_count']) }} as entry
  from (
    select load_id, {% for column in of_load %}max({{ column }}) as {{ column }}, {% endfor %}count(*) as row_count
    from {{ staging }} group by load_id
  ) as loads
  union all
  select 'other_rows' as table_name, {{ ledger_entry(of_row) }} as entry from {{ staging }} where row_kind <> 'data'
  {%- for table, columns in loader_tables().items() if table != 'raw_data_staging' %}
  union all
  select '{{ table }}' as table_name, {{ ledger_entry(columns | map(attribute=0) | list) }} as entry from {{ schema_name }}.{{ table }}
  {%- endfor %}
{% endmacro %}
