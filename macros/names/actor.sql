{# Who is named in the log: the environment variable SPARK9_USER, which `spark9` and the web pages set; null for what dbt does by itself.
   Returns: an expression (text).
   Example: insert into {{ log }} (done_by) select {{ actor() }} #}
{% macro actor() -%}
  {#- not while dbt parses, which would reparse everything for each user -#}
  {%- if execute -%}nullif({{ text_literal(env_var('SPARK9_USER', '')) }}, ''){%- else -%}null{%- endif -%}
{%- endmacro %}
