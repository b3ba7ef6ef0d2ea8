{# Before a run that makes or tests marts, or seeds, note it in the marts' schema (build_runs): where it never ends, `spark9 build` makes
   the marts again. A first build, before which there is no mart, is noted when it ends.
   Returns: nothing; inserts a row.
   Example: on-run-start: ["{{ note_marts_begun() }}"] #}
{% macro note_marts_begun() %}
  {%- if execute and flags.WHICH in ('run', 'build', 'test', 'seed') -%}
    {%- set concerned = [] -%}
    {%- for name in selected_resources if is_of_marts(graph.nodes.get(name, {}).get('original_file_path', '')) -%}
      {%- do concerned.append(name) -%}
    {%- endfor -%}
    {%- set marts = schema_with_prefix('marts') | trim -%}
    {%- set found = tables_of_marts_found() if concerned else [] -%}
    {%- if found -%}
      {%- if 'build_runs' not in found -%}{%- do run_query(build_runs_ddl(marts)) -%}{%- endif -%}
      {%- set failed_before = '(select failed_nodes from ' ~ marts ~ '.build_runs order by started_at desc limit 1)' -%}
      {%- do run_in_hook(
        'insert into ' ~ marts ~ '.build_runs (invocation_id, started_at, failed_nodes) select '
        ~ [text_literal(invocation_id), current_time_utc() | trim, failed_before] | join(', ') ~ ';', none
      ) -%}
    {%- endif -%}
  {%- endif -%}
{% endmacro %}

{# Which of the tables that tell about marts are there.
   Returns: list of strings; empty before the first build. #}
{% macro tables_of_marts_found() %}
  {%- set tables = [] -%}
  {%- for schema, table in run_query(tables_among(['build_runs', 'processing_steps'])).rows if schema == schema_with_prefix('marts') | trim | lower -%}
    {%- do tables.append(table) -%}
  {%- endfor -%}
  {% do return(tables) %}
{% endmacro %}

{# The table that has a row for each run that made or tested marts, or seeds.
   Arguments: marts (string): the schema.
   Returns: a statement (text). #}
{% macro build_runs_ddl(marts) %}
create table if not exists {{ marts }}.build_runs (
    invocation_id varchar not null,
    started_at {{ type_timestamp() }} not null,
    finished_at {{ type_timestamp() }},
    failed_nodes varchar,
    made_of varchar
)
{% endmacro %}
