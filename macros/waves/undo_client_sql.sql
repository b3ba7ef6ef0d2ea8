{# The statements that take the loader's tables of a client back to a moment, all of them together: rows that a wrong rollback or a wrong
   statement changed. Each row is then processed anew by the next build. Snowflake only: it keeps what tables held (Time Travel).
   Arguments: schema_name (string): the client's schema; back_to (string): a time in UTC such as '2026-11-30 18:00:00'.
   Returns: statements (text) of one transaction, each ended by a semicolon.
   Example: {{ undo_client_sql('client_acme_meta_2024', '2026-11-30 18:00:00') }} #}
{% macro undo_client_sql(schema_name, back_to) %}
{% for table in loader_tables() if table != 'processing_log' %}
delete from {{ schema_name }}.{{ table }};
insert into {{ schema_name }}.{{ table }} {{ select_at(schema_name ~ '.' ~ table, back_to) }};
{% endfor %}
{{ reprocess_wave_sql(schema_name, none) }}
{% endmacro %}
