{# Run statements, or print them.
   Arguments: statements (text, each statement ended by a semicolon); dry_run (bool).
   Returns: nothing.
   Example: {% do run_statements(client_schema_ddl('client_acme_meta_2024')) %} #}
{% macro run_statements(statements, dry_run=false) %}
  {%- if dry_run -%}
    {%- do print(statements | trim) -%}
  {%- else -%}
    {%- do run_script(statements) -%}
  {%- endif -%}
{% endmacro %}
