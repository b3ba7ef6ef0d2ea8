{# One parameter of an address's query, with '+' and the usual escapes decoded; letters that are not ASCII stay as they are escaped.
   Snowflake has no function that decodes, so both warehouses use the same list.
   Arguments: url (SQL text expression), name (string).
   Returns: a text expression (text); null where the parameter is absent or empty.
   Example: {{ url_parameter('page_url', 'utm_source') }} #}
{% macro url_parameter(url, name) -%}
  {%- set escapes = {
    '%20': ' ', '%21': '!', '%23': '#', '%24': '$', '%26': '&', '%27': "'", '%28': '(', '%29': ')', '%2B': '+', '%2b': '+',
    '%2C': ',', '%2c': ',', '%2D': '-', '%2d': '-', '%2E': '.', '%2e': '.', '%2F': '/', '%2f': '/', '%3A': ':', '%3a': ':',
    '%3D': '=', '%3d': '=', '%3F': '?', '%3f': '?', '%40': '@', '%5B': '[', '%5b': '[', '%5D': ']', '%5d': ']', '%5F': '_',
    '%5f': '_', '%7C': '|', '%7c': '|', '%25': '%',
  } -%}
  {%- set raw = "replace(nullif(" ~ text_part(url, '[?&]' ~ name ~ '=([^&#]*)') ~ ", ''), '+', ' ')" -%}
  {%- set decoded = namespace(expression=raw) -%}
  {%- for escape, character in escapes.items() -%}
    {%- set decoded.expression = "replace(" ~ decoded.expression ~ ", " ~ text_literal(escape) ~ ", " ~ text_literal(character) ~ ")" -%}
  {%- endfor -%}
  case when {{ url }} like {{ text_literal('%' ~ name ~ '=%') }} then case when {{ url }} like '%^%%' escape '^' then {{ decoded.expression }} else {{ raw }} end end
{%- endmacro %}
