{# The statement that gives or takes away one grant that the audit found.
   Arguments: grant (list: privilege, on, name, role; as in client_access_found()), revoke (bool).
   Returns: a statement (string).
   Example: {{ mending_statement(['select', 'future table', 'db.s.<table>', 'r'], revoke=true) }} #}
{% macro mending_statement(grant, revoke=false) %}
  {%- set privilege, on, name, role = grant -%}
  {%- set object = on ~ ' ' ~ name -%}
  {%- if on.startswith('future ') -%}
    {%- set object = on ~ 's in schema ' ~ name.rpartition('.')[0] -%}
  {%- endif -%}
  {% do return(('revoke ' if revoke else 'grant ') ~ privilege ~ ' on ' ~ object ~ (' from' if revoke else ' to') ~ ' role ' ~ role) %}
{% endmacro %}
