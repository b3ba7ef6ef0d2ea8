{# Say at the start of a run which areas (folders of areas/) it passes over: missing_of_unbuilt_area(). So
   `dbt build --select clients.client_acme_meta_2024+` and `dbt test --select tag:critical` need no area.
   Returns: nothing to run; logs a sentence for each area.
   Example: on-run-start: ["{{ note_unbuilt_areas() }}"] #}
{% macro note_unbuilt_areas() %}
  {%- if execute and flags.WHICH in ('run', 'build', 'test') -%}
    {%- set areas = [] -%}
    {%- for node in graph.nodes.values() if node.original_file_path.startswith('areas/') and node.unique_id in selected_resources -%}
      {%- do areas.append(node.original_file_path.split('/')[1]) -%}
    {%- endfor -%}
    {%- for area in areas | unique if missing_of_unbuilt_area(nodes_of_area(area)) -%}
      {%- do log("skipped, because nothing of areas/" ~ area ~ " is on target '" ~ target.name ~ "': its models and tests", info=true) -%}
    {%- endfor -%}
  {%- endif -%}
{% endmacro %}

{# All nodes of an area.
   Arguments: area (string): a folder of areas/.
   Returns: list of its models, seeds, snapshots, tests and sources, as dbt's graph has them. #}
{% macro nodes_of_area(area) %}
  {%- set nodes = [] -%}
  {%- for node in graph.nodes.values() | list + graph.sources.values() | list if node.original_file_path.startswith('areas/' ~ area ~ '/') -%}
    {%- do nodes.append(node) -%}
  {%- endfor -%}
  {% do return(nodes) %}
{% endmacro %}

{# The tables that an area lacks, if this run passes over it: none of its models is on this target, or none of its raw tables, and the
   run needs some of them but no model that reads the area's own sources. That is so of tests of the area, and of marts that join it with
   the waves. An area that has lost some of its tables still fails.
   Arguments: nodes (list): the area's models, seeds, snapshots, tests and sources, as dbt's graph has them.
   Returns: list of unique ids; empty where the run builds or tests the area. #}
{% macro missing_of_unbuilt_area(nodes) %}
  {%- set missing, needed, sources, raw_there, built_there = [], [], [], [], [] -%}
  {%- for node in nodes if node.resource_type in ('model', 'seed', 'snapshot', 'source') -%}
    {%- if node.resource_type == 'source' -%}{%- do sources.append(node.unique_id) -%}{%- endif -%}
    {%- if not adapter.get_relation(node.database, node.schema, node.identifier or node.alias) -%}
      {%- do missing.append(node.unique_id) -%}
    {%- else -%}
      {%- do (raw_there if node.resource_type == 'source' else built_there).append(node.unique_id) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- if raw_there and built_there -%}{% do return([]) %}{%- endif -%}
  {%- for node in nodes if node.unique_id in selected_resources and node.depends_on -%}
    {%- if node.resource_type in ('model', 'snapshot') and node.depends_on.nodes | select('in', sources) | list -%}
      {% do return([]) %}
    {%- endif -%}
    {%- do needed.extend(node.depends_on.nodes) -%}
  {%- endfor -%}
  {% do return(missing if needed | select('in', missing) | reject('in', selected_resources) | list else []) %}
{% endmacro %}
