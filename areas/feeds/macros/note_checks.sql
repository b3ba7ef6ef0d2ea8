{# After a run, note in the log of an area of feeds what each of its checks found, and how its transformation went, whoever started dbt:
   rows of dq_check_logs and one of ingestion_logs. Areas of which nothing ran, or nothing was ever ingested or built, are skipped.
   Arguments: results (list): what dbt hands to on-run-end.
   Returns: nothing; inserts rows.
   Example: on-run-end: ["{{ note_checks(results) }}"] #}
{% macro note_checks(results) %}
  {%- if execute and flags.WHICH in ('run', 'build', 'test', 'snapshot') and owns_raw_rows() and not is_partial_run() -%}
  {%- set areas = [] -%}
  {%- for result in results if result.node.original_file_path.startswith('areas/') -%}{%- do areas.append(result.node.original_file_path.split('/')[1]) -%}{%- endfor -%}
  {%- for area in areas | unique if area not in graph.get('spark9_unbuilt_areas', []) -%}
    {%- set checks, models, failed, seconds = [], [], [], [] -%}
    {%- for result in results if result.node.original_file_path.startswith('areas/' ~ area ~ '/') and result.node.resource_type | string != 'unit_test' -%}
      {%- if result.node.resource_type | string == 'test' -%}
        {%- do checks.append(result) -%}
      {%- else -%}
        {%- do models.append(result) -%}
        {%- do seconds.append(result.execution_time) -%}
        {%- if result.status | string in ('error', 'fail') -%}{%- do failed.append(result) -%}{%- endif -%}
      {%- endif -%}
    {%- endfor -%}
    {%- set raw = raw_schema(area_schemas(area).raw) | trim -%}
    {%- set is_there = (checks or models) and raw | lower in run_query(tables_found('dq_check_logs')).columns[0].values() -%}
    {%- set run_id = env_var('SPARK9_RUN_ID', invocation_id) -%}
    {%- if checks and is_there -%}
      {%- set statement -%}
        insert into {{ raw }}.dq_check_logs (check_timestamp, run_id, check_name, table_name, status, severity, failures, message)
        {%- for result in checks %}
        select
          {{ current_time_utc() }},
          {{ text_literal(run_id) }},
          {{ text_literal(result.node.name) }},
          {{ text_literal(checked_table(result.node)) }},
          {{ text_literal(result.status | string) }},
          {{ text_literal('critical' if 'critical' in result.node.tags else 'warning') }},
          {{ result.failures if result.failures is not none else 'null' }},
          {{ text_literal((result.message or '') | string | truncate(500, true, '...')) }}
        {{ "union all" if not loop.last }}
        {%- endfor %}
      {%- endset -%}
      {%- do run_query(statement) -%}
    {%- endif -%}
    {%- if models and is_there -%}
      {%- set statement -%}
        insert into {{ raw }}.ingestion_logs (log_timestamp, run_id, step, status, files, records_loaded, duration_seconds, error_code, error_message, done_by)
        select
          {{ current_time_utc() }},
          {{ text_literal(run_id) }},
          'transform',
          '{{ 'ERROR' if failed else 'INFO' }}',
          null,
          {{ changed_rows(models) }},
          {{ seconds | sum | round(3) }},
          {{ "'build-failed'" if failed else 'null' }},
          {% if failed %}{{ text_literal(failed[0].node.name ~ ': ' ~ ((failed[0].message or '') | string | truncate(500, true, '...'))) }}{% else %}null{% endif %},
          {{ actor() }}
      {%- endset -%}
      {%- do run_query(statement) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- endif -%}
{% endmacro %}
