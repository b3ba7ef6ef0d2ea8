{# Say at the start of a run which areas (folders of areas/) it passes over, and remember them. An area is passed over where none of its
   tables is on this target and the run needs one that it does not build, such as a test of the area, or a mart that joins it with the
   waves. So `dbt build --select clients.client_acme_meta_2024+` and `dbt test --select tag:critical` need no area; an area that has
   lost some of its tables still fails.
   Returns: nothing to run; logs a sentence for each area.
   Example: on-run-start: ["{{ note_unbuilt_areas() }}"] #}
{% macro note_unbuilt_areas() %}
  {%- if execute and flags.WHICH in ('run', 'build', 'test') -%}
    {%- set members = {} -%}
    {%- for node in graph.nodes.values() | list + graph.sources.values() | list if node.original_file_path.startswith('areas/') -%}
      {%- do members.setdefault(node.original_file_path.split('/')[1], []).append(node) -%}
    {%- endfor -%}
    {%- set unbuilt = [] -%}
    {%- for area, nodes in members.items() if nodes | selectattr('unique_id', 'in', selected_resources) | list and is_area_unbuilt(nodes) -%}
      {%- do unbuilt.append(area) -%}
      {%- do log("skipped, because nothing of areas/" ~ area ~ " is on target '" ~ target.name ~ "': its models and tests", info=true) -%}
    {%- endfor -%}
    {%- do graph.update({'spark9_unbuilt_areas': unbuilt}) -%}
  {%- endif -%}
{% endmacro %}

{# Whether none of an area's tables is there, and the run needs one that it does not build.
   Arguments: nodes (list): the area's models, seeds, snapshots, tests and sources, as dbt's graph has them. #}
{% macro is_area_unbuilt(nodes) %}
  {%- set there, needed = [], [] -%}
  {%- for node in nodes if node.resource_type in ('model', 'seed', 'snapshot', 'source') -%}
    {%- if adapter.get_relation(node.database, node.schema, node.identifier or node.alias) -%}{%- do there.append(node) -%}{%- endif -%}
  {%- endfor -%}
  {%- if there | rejectattr('resource_type', 'equalto', 'source') | list -%}{% do return(false) %}{%- endif -%}
  {%- for node in nodes if node.unique_id in selected_resources -%}
    {%- do needed.extend(node.depends_on.nodes if node.depends_on else []) -%}
  {%- endfor -%}
  {%- for node in nodes if node.unique_id in needed and node.unique_id not in selected_resources and node not in there -%}
    {% do return(true) %}
  {%- endfor -%}
  {% do return(false) %}
{% endmacro %}
