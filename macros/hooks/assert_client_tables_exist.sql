{#
  Purpose: stop a run at its start when a client that it is to build has no tables, with the command that makes them.
  Returns: nothing to run; raises an error that names each such client.
  Example: on-run-start: ["{{ assert_client_tables_exist() }}"]
#}
{% macro assert_client_tables_exist() %}
  {%- if execute and flags.WHICH in ('run', 'build', 'test') -%}
    {%- set selected = selected_resources | join(' ') -%}
    {%- set missing = [] -%}
    {#- one question for all; adapter.get_relation would ask for each schema -#}
    {%- set there = run_query(tables_found('raw_data_staging')).columns[0].values() -%}
    {%- for client in registered_clients() -%}
      {%- if ('.' ~ client.client_schema ~ '__') in selected
          and schema_with_prefix(client.client_schema) | trim | lower not in there -%}
        {%- do missing.append("  spark9 client add " ~ client.client ~ "/" ~ client.platform ~ "/" ~ client.year) -%}
      {%- endif -%}
    {%- endfor -%}
    {%- if missing -%}
      {%- do exceptions.raise_compiler_error(
        "these clients of the registry have no tables on target '" ~ target.name ~ "'; nothing was built. Make them with:\n" ~ missing | join('\n')
      ) -%}
    {%- endif -%}
  {%- endif -%}
{% endmacro %}
