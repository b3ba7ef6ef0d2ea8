{# What a build has to know of a client before it does anything: asked once a client and run, and kept for the client's other nodes.
   Arguments: client_schema (string).
   Returns: mapping {is_unchanged (bool: its tables are there, no row waits, and nothing was done since the last build that passed without a
     warning and was made with the same settings), as_of (timestamp as text: when this was asked)}.
   Example: {% if build_state('client_acme_meta_2024').is_unchanged %}...{% endif %} #}
{% macro build_state(client_schema) %}
  {%- set states = graph.setdefault('spark9_build_states', {}) -%}
  {%- if 'built' not in states -%}
    {#- asked for all clients at once: DuckDB lists every table to find those of one schema -#}
    {%- do states.update({'built': run_query(tables_found('wave_quality')).columns[0].values() | list}) -%}
  {%- endif -%}
  {%- if client_schema not in states -%}
    {%- set row = run_query(build_state_sql(
      source(client_schema, 'raw_data_staging'), source(client_schema, 'processing_log'), build_fingerprint(client_schema)
    )).rows[0] -%}
    {%- set is_built = schema_with_prefix(client_schema) | trim | lower in states.built -%}
    {%- do states.update({client_schema: {'as_of': row[0], 'is_unchanged': is_built and row[1] == 0 and row[2] == 1}}) -%}
  {%- endif -%}
  {% do return(states[client_schema]) %}
{% endmacro %}
