{# Say at the start of a run of clients or marts which clients of the registry have no tables: they have no rows in it. A client that the marts
   show, and whose tables are gone, stops the run: that is a loss, and not a client that was never onboarded. So does a client with the
   tables of an earlier version.
   Returns: nothing to run; logs a sentence, or raises an error that names each client that was lost or is out of date.
   Example: on-run-start: ["{{ assert_client_tables_exist() }}"] #}
{% macro assert_client_tables_exist() %}
  {%- set selected = selected_resources | join(' ') -%}
  {%- if execute and flags.WHICH in ('run', 'build', 'test', 'freshness') and ('.client_' in selected or '.waves' in selected) -%}
    {%- set schemas = {'raw_data_staging': [], 'open_questions': [], 'waves': []} -%}
    {%- for schema, table in run_query(tables_among(schemas | list)).rows -%}{%- do schemas[table].append(schema) -%}{%- endfor -%}
    {%- set onboarded, outdated = [], [] -%}
    {%- for client_schema in registered_client_schemas() if raw_schema(client_schema) | trim | lower in schemas.raw_data_staging -%}
      {%- do onboarded.append(client_schema) -%}
      {%- if raw_schema(client_schema) | trim | lower not in schemas.open_questions -%}{%- do outdated.append(client_schema) -%}{%- endif -%}
    {%- endfor -%}
    {%- if outdated -%}
      {%- do exceptions.raise_compiler_error(
        "these clients were onboarded by an earlier version; nothing was built. Bring their tables up to date with `spark9 client add` for each, as CHANGELOG.md says:\n  " ~ outdated | join('\n  ')
      ) -%}
    {%- endif -%}
    {%- set missing = registered_clients() | rejectattr('client_schema', 'in', onboarded) | list -%}
    {%- if missing -%}
      {%- set marts = schema_with_prefix('marts') | trim -%}
      {%- set shown = run_query('select distinct client_schema from ' ~ marts ~ '.waves').columns[0].values() if marts | lower in schemas.waves else [] -%}
      {%- set lost, never = [], [] -%}
      {%- for client in missing -%}
        {%- set name = client.client ~ '/' ~ client.platform ~ '/' ~ client.year -%}
        {%- do (lost if client.client_schema in shown else never).append(name) -%}
      {%- endfor -%}
      {%- if lost -%}
        {%- do exceptions.raise_compiler_error(
          "these clients have lost their tables on target '" ~ target.name ~ "', though marts.waves shows their waves; nothing was built. Restore the tables, or archive the clients (spark9 client archive):\n  " ~ lost | join('\n  ')
        ) -%}
      {%- endif -%}
      {%- if 'model.spark9.waves' not in graph.nodes and not onboarded | select('in', selected) | list -%}
        {%- do exceptions.raise_compiler_error(
          "target '" ~ target.name ~ "' has no tables of the selected client; nothing was built. Create them with: spark9 client add " ~ never | join(' ')
        ) -%}
      {%- endif -%}
      {%- do exceptions.warn("the registry has clients without tables, of which the marts have no rows: " ~ never[:10] | join(', ') ~ (' and ' ~ (never | length - 10) ~ ' more' if never | length > 10 else '') ~ " (onboard a client with: spark9 client add " ~ never[0] ~ ")") -%}
    {%- endif -%}
  {%- endif -%}
{% endmacro %}
