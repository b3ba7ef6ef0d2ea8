{# Say at the start of a run which areas (folders of areas/) it passes over, and remember what they lack. An area is passed over where none
   of its models is on this target, and the run needs some of them but no model that reads the area's own sources: tests of the area, or
   marts that join it with the waves. So `dbt build --select clients.client_acme_meta_2024+` and `dbt test --select tag:critical` need no
   area; an area that has lost some of its tables still fails.
   Returns: nothing to run; logs a sentence for each area.
   Example: on-run-start: ["{{ note_unbuilt_areas() }}"] #}
{% macro note_unbuilt_areas() %}
  {%- if execute and flags.WHICH in ('run', 'build', 'test') -%}
    {%- set members = {} -%}
    {%- for node in graph.nodes.values() | list + graph.sources.values() | list if node.original_file_path.startswith('areas/') -%}
      {%- do members.setdefault(node.original_file_path.split('/')[1], []).append(node) -%}
    {%- endfor -%}
    {%- set missing_of = {} -%}
    {%- for area, nodes in members.items() if nodes | selectattr('unique_id', 'in', selected_resources) | list -%}
      {%- set missing = missing_of_unbuilt_area(nodes) -%}
      {%- if missing -%}
        {%- do missing_of.update({area: missing}) -%}
        {%- do log("skipped, because nothing of areas/" ~ area ~ " is on target '" ~ target.name ~ "': its models and tests", info=true) -%}
      {%- endif -%}
    {%- endfor -%}
    {%- do graph.update({'spark9_unbuilt_areas': missing_of}) -%}
  {%- endif -%}
{% endmacro %}

{# The tables that an area lacks, if this run passes over it.
   Arguments: nodes (list): the area's models, seeds, snapshots, tests and sources, as dbt's graph has them.
   Returns: list of unique ids; empty where the run builds or tests the area. #}
{% macro missing_of_unbuilt_area(nodes) %}
  {%- set missing, needed, sources = [], [], [] -%}
  {%- for node in nodes if node.resource_type in ('model', 'seed', 'snapshot', 'source') -%}
    {%- if node.resource_type == 'source' -%}{%- do sources.append(node.unique_id) -%}{%- endif -%}
    {%- if not adapter.get_relation(node.database, node.schema, node.identifier or node.alias) -%}
      {%- do missing.append(node.unique_id) -%}
    {%- elif node.resource_type != 'source' -%}
      {% do return([]) %}
    {%- endif -%}
  {%- endfor -%}
  {%- for node in nodes if node.unique_id in selected_resources and node.depends_on -%}
    {%- if node.resource_type in ('model', 'snapshot') and node.depends_on.nodes | select('in', sources) | list -%}
      {% do return([]) %}
    {%- endif -%}
    {%- do needed.extend(node.depends_on.nodes) -%}
  {%- endfor -%}
  {% do return(missing if needed | select('in', missing) | reject('in', selected_resources) | list else []) %}
{% endmacro %}
