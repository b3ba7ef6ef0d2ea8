{# After a run, note in the log of each client that was built how its tests ended: 'test' where client_integrity passed, and 'build' where
   there was no warning either. By these the next build knows what it need not do again.
   Arguments: results (list): what dbt hands to on-run-end.
   Returns: nothing; inserts one or two rows a client that had anything new.
   Example: on-run-end: ["{{ note_builds(results) }}"] #}
{% macro note_builds(results) %}
  {%- if execute and flags.WHICH == 'build' -%}
    {%- set states = graph.get('spark9_build_states', {}) -%}
    {%- set outcomes = {} -%}
    {%- for result in results if '__' in result.node.name -%}
      {%- do outcomes.update({result.node.name: result.status | string}) -%}
    {%- endfor -%}
    {%- for client_schema in clients_with_tables() -%}
      {%- set passed = [
        outcomes.get(client_schema ~ '__processed_campaign_data') == 'success',
        outcomes.get(client_schema ~ '__wave_quality') == 'success',
        'pass' in (outcomes.get(client_schema ~ '__client_integrity'), outcomes.get(client_schema ~ '__every_claim_holds')),
      ] | min -%}
      {%- set is_new = passed and not (client_schema in states and states[client_schema].is_unchanged) -%}
      {%- if is_new -%}
        {%- set is_clean = client_schema in states and 'pass' in (outcomes.get(client_schema ~ '__client_quality'), outcomes.get(client_schema ~ '__nothing_is_doubtful')) -%}
        {%- set log = schema_with_prefix(client_schema) | trim ~ '.processing_log' -%}
        {%- set statement -%}
          insert into {{ log }} (processing_timestamp, processing_stage, status, details, done_by)
          select {{ current_time_utc() }}, 'TEST', 'SUCCESS', null, {{ actor() }}
          {% if is_clean -%}
          union all
          select cast('{{ states[client_schema].as_of }}' as {{ type_timestamp() }}), 'BUILD', 'SUCCESS', {{ json_object([['made_with', text_literal(build_fingerprint(client_schema))]]) }}, {{ actor() }}
          {%- endif %}
        {%- endset -%}
        {%- do run_query(statement) -%}
      {%- endif -%}
    {%- endfor -%}
  {%- endif -%}
{% endmacro %}
