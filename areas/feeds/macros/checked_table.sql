{# The table that a test is about, as the YAML names it.
   Arguments: node (mapping: the test, as dbt hands it to on-run-end).
   Returns: a name (text), empty for a test that is attached to none.
   Example: {{ checked_table(result.node) }} #}
{% macro checked_table(node) -%}
  {%- set named = modules.re.findall("'([A-Za-z0-9_]+)'", (node.test_metadata.kwargs.get('model', '') if node.test_metadata else '') | string) -%}
  {{- named | last if named else '' -}}
{%- endmacro %}
