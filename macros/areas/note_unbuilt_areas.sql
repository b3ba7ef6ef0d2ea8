{# Say at the start of a run which areas (folders of areas/) it passes over: missing_of_unbuilt_area(). So
   `dbt build --select clients.client_acme_meta_2024+` and `dbt test --select tag:critical` need no area. A run that builds models of an area from
   tables that are not there stops: blocked_in_unbuilt_area().
   Returns: nothing to run; logs a sentence for each area, or raises an error that names the command that comes first.
   Example: on-run-start: ["{{ note_unbuilt_areas() }}"] #}
{% macro note_unbuilt_areas() %}
  {%- if execute and flags.WHICH in ('run', 'build', 'test', 'snapshot') -%}
    {%- set areas, blocked = [], [] -%}
    {%- for node in graph.nodes.values() if node.original_file_path.startswith('areas/') and node.unique_id in selected_resources -%}
      {%- do areas.append(node.original_file_path.split('/')[1]) -%}
    {%- endfor -%}
    {%- for area in areas | unique -%}
      {%- set nodes = nodes_of_area(area) -%}
      {%- set first = ' or '.join(nodes | selectattr('resource_type', 'equalto', 'source') | map(attribute='source_meta') | map(attribute='filled_by', default='') | select | unique) -%}
      {%- set lacking = blocked_in_unbuilt_area(nodes) -%}
      {%- if lacking -%}
        {%- set is_loaded = tables_of_area(nodes).raw and not lacking | select('in', graph.sources) | list -%}
        {%- do blocked.append('areas/' ~ area ~ ' lacks ' ~ lacking[:3] | map('replace', 'model.spark9.', '') | map('replace', 'source.spark9.', '') | join(', ') ~ (' and more' if lacking | length > 3 else '') ~ ', so run first: ' ~ ('dbt build --selector ' ~ area if is_loaded or not first else first)) -%}
      {%- elif missing_of_unbuilt_area(nodes) -%}
        {%- do log("skipped, because nothing of areas/" ~ area ~ " is on target '" ~ target.name ~ "': its models and tests" ~ (' (it is filled by: ' ~ first ~ ')' if first else ''), info=true) -%}
      {%- endif -%}
    {%- endfor -%}
    {%- if blocked -%}
      {%- do exceptions.raise_compiler_error("these areas were never built on target '" ~ target.name ~ "'; nothing was built:\n  " ~ blocked | join('\n  ')) -%}
    {%- endif -%}
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

{# What of an area's tables is on the target.
   Arguments: nodes (list): from nodes_of_area().
   Returns: mapping with the unique ids of those that are missing, of the raw and of the built tables that are there. #}
{% macro tables_of_area(nodes) %}
  {%- set tables = {'missing': [], 'raw': [], 'built': []} -%}
  {%- for node in nodes if node.resource_type in ('model', 'seed', 'snapshot', 'source') -%}
    {%- set is_there = adapter.get_relation(node.database, node.schema, node.identifier or node.alias) -%}
    {%- do tables[('raw' if node.resource_type == 'source' else 'built') if is_there else 'missing'].append(node.unique_id) -%}
  {%- endfor -%}
  {% do return(tables) %}
{% endmacro %}

{# What a run lacks to build an area that was never loaded or never built: tables that are neither there nor selected, from which it would
   make tables that it can't pass over. An area that has lost some of its tables still fails with what the warehouse says.
   Arguments: nodes (list): from nodes_of_area().
   Returns: list of unique ids; empty where the run can go on. A run that reads raw rows lacks no model, since it begins at the start, and a
     model can do without another one that comes later; what dbt defers to another target is not missing either. #}
{% macro blocked_in_unbuilt_area(nodes) %}
  {%- set tables, raw, models = tables_of_area(nodes), [], [] -%}
  {%- for node in nodes if node.unique_id in selected_resources and node.resource_type in ('model', 'snapshot') and node.config.materialized not in ('area_table', 'ephemeral') -%}
    {%- for id in node.depends_on.nodes if id not in selected_resources -%}{%- do (raw if id in graph.sources else models).append(id) -%}{%- endfor -%}
  {%- endfor -%}
  {%- set lacking = raw if raw or flags.DEFER else models -%}
  {% do return(lacking | select('in', tables.missing) | unique | list if not (tables.raw and tables.built) else []) %}
{% endmacro %}

{# The tables that an area lacks, if this run passes over it: none of its models is on this target, or none of its raw tables, and the
   run needs some of them but no model that reads the area's own sources. That is so of tests of the area, and of marts that join it with
   the waves. An area that has lost some of its tables still fails.
   Arguments: nodes (list): from nodes_of_area().
   Returns: list of unique ids; empty where the run builds or tests the area. #}
{% macro missing_of_unbuilt_area(nodes) %}
  {%- set tables = tables_of_area(nodes) -%}
  {%- if tables.raw and tables.built -%}{% do return([]) %}{%- endif -%}
  {%- set needed = [] -%}
  {%- for node in nodes if node.unique_id in selected_resources and node.depends_on -%}
    {%- if node.resource_type in ('model', 'snapshot') and node.depends_on.nodes | select('in', graph.sources) | list -%}
      {% do return([]) %}
    {%- endif -%}
    {%- do needed.extend(node.depends_on.nodes) -%}
  {%- endfor -%}
  {% do return(tables.missing if needed | select('in', tables.missing) | reject('in', selected_resources) | list else []) %}
{% endmacro %}
