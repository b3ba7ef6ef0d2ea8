{# Before a build, give a new schema_version to each load of which somebody has set processed_flag to false by hand, so that this build and
   those of other targets process it again. A flag that was never set, or whose build was cut off, is none of these.
   Returns: nothing; updates rows and logs REPROCESS, where the target owns the raw rows.
   Example: on-run-start: ["{{ note_reset_flags() }}"] #}
{% macro note_reset_flags() %}
  {%- if execute and flags.WHICH in ('run', 'build') and owns_raw_rows() and not is_partial_run() -%}
    {%- set selected = selected_resources | join(' ') -%}
    {%- set built = clients_with_tables('processed_campaign_data') -%}
    {%- set asked = [] -%}
    {%- for client_schema in clients_with_tables() if client_schema in built and client_schema in selected -%}
      {%- set schema = raw_schema(client_schema) | trim -%}
      {%- do asked.append("select '" ~ schema ~ "' as name where exists (select 1 from " ~ schema
        ~ '.processed_campaign_data where (load_id, schema_version) in (select distinct load_id, schema_version from ' ~ schema
        ~ '.raw_data_staging where not processed_flag))') -%}
    {%- endfor -%}
    {%- for schema in (run_query(asked | join(' union all ')).columns[0].values() if asked else []) -%}
      {%- do run_in_hook(reset_flags_sql(schema)) -%}
    {%- endfor -%}
  {%- endif -%}
{% endmacro %}
