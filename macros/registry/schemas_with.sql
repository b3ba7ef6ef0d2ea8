{# The schemas that have a client's table of this name. dbt asks the catalogue once a run, whatever the number of models and clients: the answer is
   kept in dbt's `graph`, which every node of a run shares. A table that this run creates does not count.
   Arguments: table (string): raw_data_staging, open_questions, processed_campaign_data or wave_quality.
   Returns: list of schemas (strings, lower case).
   Example: {% set onboarded = schemas_with('raw_data_staging') %} #}
{% macro schemas_with(table) %}
  {%- set known = graph.setdefault('spark9_schemas_with', {}) -%}
  {%- if not known -%}
    {%- set found = {'raw_data_staging': [], 'open_questions': [], 'processed_campaign_data': [], 'wave_quality': []} -%}
    {%- for schema, name in run_query(tables_among(found.keys() | list)).rows -%}
      {%- do found[name].append(schema) -%}
    {%- endfor -%}
    {%- do known.update(found) -%}
  {%- endif -%}
  {% do return(known[table]) %}
{% endmacro %}
