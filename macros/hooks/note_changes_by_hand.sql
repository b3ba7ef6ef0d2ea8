{# Before a build, take in what somebody has changed in the loader's tables by hand, as the design has it: a processed_flag set to false, and
   a default written into wave_schema_mapping (mapping_rule 'use_default_value'). The load gets a new schema_version, so that this build and
   those of other targets process it again; the default becomes a decision from its wave on, as `spark9 mapping set --default` makes it. A
   flag that was never set, or whose build was cut off, is none of these.
   Returns: nothing; updates rows and logs REPROCESS or MAPPING, where the target owns the raw rows. Warns of a default that is no value of
     its type, and leaves it as it is.
   Example: on-run-start: ["{{ note_changes_by_hand() }}"] #}
{% macro note_changes_by_hand() %}
  {%- if execute and flags.WHICH in ('run', 'build') and owns_raw_rows() and not is_partial_run() -%}
    {%- set selected = selected_resources | join(' ') -%}
    {%- set built = clients_with_tables('processed_campaign_data') -%}
    {%- set asked = [] -%}
    {%- for client_schema in clients_with_tables() if client_schema in built and '.' ~ client_schema ~ '__' in selected -%}
      {%- do asked.append(changes_by_hand_sql(raw_schema(client_schema) | trim)) -%}
    {%- endfor -%}
    {%- for schema, resets, defaults in (run_query(asked | join(' union all ')).rows if asked else []) if resets or defaults -%}
      {%- for decision in (default_decisions(schema) if defaults else []) -%}
        {%- if decision.is_valid -%}
          {%- do run_in_hook(decide_default_sql(schema, decision), schema) -%}
        {%- else -%}
          {%- do exceptions.warn(schema ~ ": the default '" ~ decision.default ~ "' of '" ~ decision.column ~ "' in wave " ~ decision.wave ~ ' is not of the type ' ~ decision.type ~ '; its empty cells stay empty. Correct default_value in wave_schema_mapping and set processed_flag to false again, or use: spark9 mapping set --default') -%}
        {%- endif -%}
      {%- endfor -%}
      {%- if resets -%}{%- do run_in_hook(reset_flags_sql(schema), schema) -%}{%- endif -%}
    {%- endfor -%}
  {%- endif -%}
{% endmacro %}

{# Whether somebody has changed a client's tables by hand.
   Arguments: schema_name (string): of the client.
   Returns: a select statement (text) of one row: schema_name, resets and defaults (1 or 0). #}
{% macro changes_by_hand_sql(schema_name) -%}
select
  '{{ schema_name }}' as schema_name,
  case when exists (
    select 1 from {{ schema_name }}.processed_campaign_data
    where (load_id, schema_version) in (
      select distinct load_id, schema_version from {{ schema_name }}.raw_data_staging where not processed_flag
    )
  ) then 1 else 0 end as resets,
  case when exists (
    select 1 from {{ schema_name }}.wave_schema_mapping where mapping_rule = 'use_default_value'
  ) then 1 else 0 end as defaults
{%- endmacro %}
