{# After a run, note in the marts' schema (build_runs) what became of marts, their tests and seeds: which failed or were skipped, until
   they pass, and what each was made of. So `spark9 build` knows what it need not do again.
   Arguments: results (list): what dbt hands to on-run-end.
   Returns: nothing; completes the row of note_marts_begun().
   Example: on-run-end: ["{{ note_marts(results) }}"] #}
{% macro note_marts(results) %}
  {%- set ran, failed, made, partly_made = [], [], [], [] -%}
  {%- for result in results if is_of_marts(result.node.original_file_path) -%}
    {%- do ran.append(result.node.name) -%}
    {#- what was skipped is as old as what failed; of a part of the rows (--empty, --sample) no mart is made -#}
    {%- if result.status | string in ('error', 'fail', 'runtime error', 'skipped') -%}{%- do failed.append(result.node.name) -%}
    {%- elif result.status | string == 'success' -%}{%- do (partly_made if is_partial_run() else made).append(result.node.original_file_path) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- set found = tables_of_marts_found() if execute and ran and flags.WHICH in ('run', 'build', 'test', 'seed') else [] -%}
  {%- if found -%}
    {%- if 'build_runs' not in found -%}{%- do note_marts_begun() -%}{%- endif -%}
    {%- set marts, this_run, before = schema_with_prefix('marts') | trim, text_literal(invocation_id), {} -%}
    {%- for failed_nodes, made_of in run_query('select failed_nodes, made_of from ' ~ marts ~ '.build_runs where invocation_id <> ' ~ this_run ~ ' order by started_at desc limit 1').rows -%}
      {#- what failed before, and did not run now, still fails -#}
      {%- set there = graph.nodes.values() | map(attribute='name') | list -%}
      {%- do failed.extend((failed_nodes or '').split(', ') | select('in', there) | reject('in', ran)) -%}
      {%- do before.update(fromjson(made_of or '{}')) -%}
      {%- for path in partly_made -%}{%- do before.update({path: none}) -%}{%- endfor -%}
    {%- endfor -%}
    {%- set steps = run_query(mart_steps_sql(marts ~ '.processing_steps')).columns[0].values() | list if 'processing_steps' in found else [] -%}
    {%- do run_query(
      'update ' ~ marts ~ '.build_runs set finished_at = ' ~ (current_time_utc() | trim)
      ~ ', failed_nodes = ' ~ (text_literal(failed | join(', ')) if failed else 'null')
      ~ ', made_of = ' ~ text_literal(tojson(versions_of_marts(made, before, steps)))
      ~ ' where invocation_id = ' ~ this_run
    ) -%}
  {%- endif -%}
{% endmacro %}

{# What each mart, and each seed that marts read, was last made of.
   Arguments: made (list of strings): the files that this run made. before (mapping file -> version): of the others. steps (list of strings):
     from mart_steps_sql().
   Returns: mapping file -> version (string, or none: unknown, as of a mart that reads a source or area of its own, whose changes nothing
     tells); of a seed its checksum. #}
{% macro versions_of_marts(made, before, steps) %}
  {%- set models, seeds, versions = {}, {}, {} -%}
  {%- for node in graph.nodes.values() if node.resource_type == 'model' and is_of_marts(node.original_file_path) -%}
    {%- do models.update({node.original_file_path: node}) -%}
    {%- for parent in node.depends_on.nodes if parent.startswith('seed.') -%}
      {%- set seed = graph.nodes[parent] -%}
      {%- do seeds.update({seed.original_file_path: seed.checksum.checksum if seed.original_file_path in made else before.get(seed.original_file_path)}) -%}
    {%- endfor -%}
  {%- endfor -%}
  {%- set version = marts_version(models | dictsort(true) | map(attribute='1.raw_code') | list, seeds | dictsort(true) | map(attribute=1) | list, steps) -%}
  {%- for path, node in models.items() -%}
    {%- set unseen = [] -%}
    {%- for parent in node.depends_on.nodes -%}
      {%- set found = graph.sources.get(parent) or graph.nodes.get(parent, {}) -%}
      {%- if found.source_name is defined and found.source_name not in registered_client_schemas() -%}{%- do unseen.append(parent) -%}
      {%- elif found.resource_type == 'model' and not found.original_file_path.startswith('models/') -%}{%- do unseen.append(parent) -%}
      {%- endif -%}
    {%- endfor -%}
    {%- set is_made = path in made or node.config.materialized == 'ephemeral' -%}
    {%- do versions.update({path: none if unseen else version if is_made else before.get(path)}) -%}
  {%- endfor -%}
  {%- do versions.update(seeds) -%}
  {% do return(versions) %}
{% endmacro %}
