{#
  Purpose: what a build has to know of a client before it does anything: asked once a client and run, and kept for the
    client's other nodes.
  Arguments: client_schema (string).
  Returns: mapping {is_unchanged (bool: no row waits, and nothing was done since the last build that passed without a warning
    and was made with the same settings), as_of (timestamp as text: when this was asked)}.
  Example: {% if build_state('client_acme_meta_2024').is_unchanged %}...{% endif %}
#}
{% macro build_state(client_schema) %}
  {%- set states = graph.setdefault('spark9_build_states', {}) -%}
  {%- if client_schema not in states -%}
    {%- set query -%}
      select
        cast({{ current_time_utc() }} as varchar) as as_of,
        (select count(*) from (select 1 from {{ source(client_schema, 'raw_data_staging') }} where not processed_flag limit 1) as waiting) as waiting,
        case
          when max(case when processing_stage = 'build' and cast(details as varchar) like '%{{ build_fingerprint(client_schema) }}%' then processing_timestamp end)
            > max(case when processing_stage not in ('process', 'verify', 'build') then processing_timestamp end)
            then 1
          else 0
        end as is_clean
      from {{ source(client_schema, 'processing_log') }}
      where status = 'completed'
    {%- endset -%}
    {%- set row = run_query(query).rows[0] -%}
    {%- do states.update({client_schema: {'as_of': row[0], 'is_unchanged': row[1] == 0 and row[2] == 1}}) -%}
  {%- endif -%}
  {% do return(states[client_schema]) %}
{% endmacro %}
