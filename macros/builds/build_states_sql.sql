{# Ask what has happened to many clients since their last builds, in one statement for each fifty of them.
   Arguments: clients (list of {client_schema, staging, processed, mapping, log}: relations, or names, of each client).
   Returns: list of select statements (text) of client_schema and the columns of build_state_sql().
   Example: {% for statement in build_states_sql(clients) %}{% set rows = run_query(statement).rows %}{% endfor %} #}
{% macro build_states_sql(clients) %}
  {%- set statements = [] -%}
  {%- for some in clients | batch(50) -%}
    {%- set states = [] -%}
    {%- for client in some -%}
      {%- set state = build_state_sql(client.staging, client.processed, client.mapping, client.log, build_fingerprint(client.client_schema)) | trim -%}
      {%- do states.append("select '" ~ client.client_schema ~ "' as client_schema, state.* from (\n" ~ state ~ "\n) as state") -%}
    {%- endfor -%}
    {%- do statements.append(states | join('\nunion all\n')) -%}
  {%- endfor -%}
  {% do return(statements) %}
{% endmacro %}
