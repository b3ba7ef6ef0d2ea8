{# A script as the literals of an array, for a stored procedure that runs them one by one.
   Arguments: script (text: statements, each ended by a semicolon; none holds one inside).
   Returns: literals (text), separated by commas.
   Example: array_construct({{ procedure_statements("create schema s;") }}) #}
{% macro procedure_statements(script) %}
  {%- set literals = [] -%}
  {%- for statement in script.split(';') if statement | trim -%}
    {%- do literals.append(text_literal(statement | trim)) -%}
  {%- endfor -%}
  {{ literals | join(',\n        ') }}
{%- endmacro %}
