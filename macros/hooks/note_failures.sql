{# After a run, note in each client's log what failed: a row for each wave and test that it fails, and one where a model or test could
   not run. The marts processing_steps and processing_status_today show it at once, since they were built before it was known.
   Arguments: results (list): what dbt hands to on-run-end.
   Returns: nothing; inserts and updates rows.
   Example: on-run-end: ["{{ note_failures(results) }}"] #}
{% macro note_failures(results) %}
  {%- set bad = [] -%}
  {%- for result in results if result.status | string in ('error', 'fail', 'runtime error') and client_of_node(result.node.fqn) -%}{%- do bad.append(result) -%}{%- endfor -%}
  {%- if execute and bad and flags.WHICH in ('run', 'build', 'test') and owns_raw_rows() and not is_partial_run() -%}
    {%- set now -%}cast('{{ run_query('select ' ~ timestamp_text(current_time_utc())).rows[0][0] }}' as {{ type_timestamp() | trim }}){%- endset -%}
    {%- set marts = schema_with_prefix('marts') | trim -%}
    {%- set has_marts = marts | lower in run_query(tables_found('processing_status_today')).columns[0].values() -%}
    {%- set onboarded = clients_with_tables() -%}
    {%- set failures = [] -%}
    {%- set tests_of_clients = ('client_integrity', 'client_quality', 'every_claim_holds', 'nothing_is_doubtful') -%}
    {%- for result in bad -%}
      {%- set client_schema = client_of_node(result.node.fqn) -%}
      {%- if client_schema in onboarded -%}
        {%- if result.status | string == 'fail' and result.node.name.split('__')[1] in tests_of_clients -%}
          {%- set asked = "select wave_number, test_name, count(*), min(subject), min(expected), min(found) from (\n" ~ result.node.compiled_code ~ "\n) as failing_rows group by wave_number, test_name order by wave_number, test_name" -%}
          {%- for wave, test, rows, subject, expected, found in run_query(asked).rows -%}
            {%- set code = 'score-too-low' if test == 'waves_score_at_least_the_limit' else 'test-failed' -%}
            {%- if test != 'waves_score_at_least_the_warning' -%}
              {%- do failures.append([client_schema, 'QUALITY', wave, code, test ~ ': expected ' ~ expected ~ ', found ' ~ found ~ (' (' ~ subject ~ ')' if subject else '') ~ (' and ' ~ (rows - 1) ~ ' more' if rows > 1 else '')]) -%}
            {%- endif -%}
          {%- endfor -%}
        {%- else -%}
          {%- do failures.append([client_schema, 'PROCESS', none, 'build-failed', result.node.name ~ ': ' ~ (result.message or '') | string | replace('\n', ' ') | truncate(500, true, '...')]) -%}
        {%- endif -%}
      {%- endif -%}
    {%- endfor -%}
    {%- for client_schema, stage, wave, code, message in failures -%}
      {%- set values = [now, text_literal(stage), "'ERROR'", 'cast(' ~ (wave if wave is not none else 'null') ~ ' as integer)', text_literal(code), text_literal(message), actor()] | join(', ') -%}
      {%- set columns = 'processing_timestamp, processing_stage, status, wave_number, error_code, error_message, done_by' -%}
      {%- do run_query('insert into ' ~ (raw_schema(client_schema) | trim) ~ '.processing_log (' ~ columns ~ ') select ' ~ values) -%}
      {%- if has_marts -%}
        {%- set client = registered_clients() | selectattr('client_schema', 'equalto', client_schema) | first -%}
        {%- do run_query('insert into ' ~ marts ~ '.processing_steps (client_schema, client, platform, year, ' ~ columns ~ ') select ' ~ [text_literal(client_schema), text_literal(client.client), text_literal(client.platform), client.year, values] | join(', ')) -%}
        {%- do run_query('update ' ~ marts ~ ".processing_status_today set failed_steps = failed_steps + 1, status = 'failed steps', last_step = " ~ now ~ ' where client_schema = ' ~ text_literal(client_schema) ~ ' and status_date = ' ~ as_of_date()) -%}
      {%- endif -%}
    {%- endfor -%}
  {%- endif -%}
{% endmacro %}
