{# The statements that give, or take away, one entry of client_grants() or feed_grants().
   Arguments: grant (an entry: privileges, on, name, role; on 'table' or 'view' means all of a schema, 'one table' a single one), revoke
     (bool).
   Returns: statements (text), each ended by a semicolon; two for tables and views, which are there now or come later.
   Example: {{ grant_statements(grant) }} #}
{% macro grant_statements(grant, revoke=false) -%}
  {%- set verb = 'revoke' if revoke else 'grant' -%}
  {%- set to = 'from' if revoke else 'to' -%}
  {%- set privileges = grant.privileges | join(', ') -%}
  {%- if grant.on in ('table', 'view') -%}
{{ verb }} {{ privileges }} on all {{ grant.on }}s in schema {{ grant.name }} {{ to }} role {{ grant.role }};
{{ verb }} {{ privileges }} on future {{ grant.on }}s in schema {{ grant.name }} {{ to }} role {{ grant.role }};
  {%- else -%}
{{ verb }} {{ privileges }} on {{ grant.on | replace('one ', '') }} {{ grant.name }} {{ to }} role {{ grant.role }};
  {%- endif %}
{% endmacro %}
