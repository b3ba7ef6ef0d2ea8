{#
  Purpose: the statements that give, or take away, one entry of client_grants().
  Arguments: grant (an entry of client_grants()), revoke (bool).
  Returns: statements (text), each ended by a semicolon; two for tables, which are there now or come later.
  Example: {{ grant_statements(grant) }}
#}
{% macro grant_statements(grant, revoke=false) -%}
  {%- set verb = 'revoke' if revoke else 'grant' -%}
  {%- set to = 'from' if revoke else 'to' -%}
  {%- set privileges = grant.privileges | join(', ') -%}
  {%- if grant.on == 'table' -%}
{{ verb }} {{ privileges }} on all tables in schema {{ grant.name }} {{ to }} role {{ grant.role }};
{{ verb }} {{ privileges }} on future tables in schema {{ grant.name }} {{ to }} role {{ grant.role }};
  {%- else -%}
{{ verb }} {{ privileges }} on {{ grant.on }} {{ grant.name }} {{ to }} role {{ grant.role }};
  {%- endif %}
{% endmacro %}
