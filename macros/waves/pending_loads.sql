{# What the next build of a client has to flatten: the loads that its processed_campaign_data lacks under their schema_version (all in a full refresh),
   with the mapping of their columns. The var `wave` names a wave instead; if no selected client has it, an error names the waves that
   there are. `dbt compile` and `dbt show` have the latest wave where nothing is pending, so that they show the SQL by which rows are made.
   Arguments: client_schema (string), processed (relation): its processed_campaign_data, which need not exist.
   Returns: list of groups {load_ids, columns}: loads with one and the same mapping share a group, so that they are flattened by one select.
     Empty when nothing is pending, and while dbt parses. Unit tests override it.
   Example: {% for group in pending_loads('client_acme_meta_2024', this) %}...{% endfor %} #}
{% macro pending_loads(client_schema, processed) %}
  {%- if not execute or not client_has_tables(client_schema) -%}
    {% do return([]) %}
  {%- endif -%}
  {%- set mapping = source(client_schema, 'wave_schema_mapping') -%}
  {%- set wave = wave_asked_for() -%}
  {%- if wave is not none -%}
    {%- set condition = 'wave_number = ' ~ wave -%}
  {#- what dbt clone makes on DuckDB is a view, which the build replaces -#}
  {%- elif (load_cached_relation(processed) or processed).type == 'table' and not should_full_refresh() -%}
    {%- set condition = 'load_id in (' ~ pending_loads_sql(source(client_schema, 'raw_data_staging'), processed) ~ ')' -%}
  {%- else -%}
    {%- set condition = 'true' -%}
  {%- endif -%}
  {%- set groups = mapped_loads(mapping, condition) -%}
  {%- if not groups and wave is not none -%}
    {%- do clients_without_wave(wave) -%}
    {#- runs say so at their start -#}
    {%- if flags.WHICH not in ('run', 'build') -%}{%- do log(client_schema ~ ' has no wave ' ~ wave, info=true) -%}{%- endif -%}
  {%- endif -%}
  {%- if not groups and wave is none and flags.WHICH in ('compile', 'show') -%}
    {%- set groups = mapped_loads(mapping, 'wave_number = (select max(wave_number) from ' ~ mapping ~ ')') -%}
  {%- endif -%}
  {% do return(groups) %}
{% endmacro %}
