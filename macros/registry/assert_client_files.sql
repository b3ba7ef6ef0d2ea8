{# Stop parsing where generated files of a client are gone, or are there without the client, with a sentence that names the command; dbt by
   itself names a node that was not found. Its list of files is beside its documented context (docs/decisions/0053): where a version of dbt has none,
   its own sentence is shown.
   Arguments: client_schema (string): whose models are parsed; none where the models of every active client are read.
   Returns: nothing to run; raises an error that names the files.
   Example: {% do assert_client_files('client_acme_meta_2024') %} #}
{% macro assert_client_files(client_schema=none) %}
  {#- unit tests have models of clients, too -#}
  {%- if execute or (client_schema is not none and not client_schema.startswith('client_')) -%}{% do return('') %}{%- endif -%}
  {%- set remedy = '; `spark9 client check --fix` makes the generated files those of seeds/clients.csv again' -%}
  {%- if registered_clients is not defined or archived_clients is not defined -%}
    {%- do exceptions.raise_compiler_error('macros/registry lacks a generated file' ~ remedy) -%}
  {%- endif -%}
  {%- if client_schema is not none and client_schema not in registered_client_schemas() -%}
    {%- do exceptions.raise_compiler_error('models/clients/' ~ client_schema ~ ' is of no active client' ~ remedy) -%}
  {%- endif -%}
  {%- set missing = [] -%}
  {%- if ref is defined and ref.manifest is defined and ref.manifest.files is defined -%}
    {%- for schema in ([client_schema] if client_schema is not none else registered_client_schemas()) -%}
      {%- for ending in ('.yml', '__typed_rows.sql', '__processed_campaign_data.sql', '__wave_quality.sql') -%}
        {%- set path = 'models/clients/' ~ schema ~ '/' ~ schema ~ ending -%}
        {%- if 'spark9://' ~ path not in ref.manifest.files -%}{%- do missing.append(path) -%}{%- endif -%}
      {%- endfor -%}
    {%- endfor -%}
  {%- endif -%}
  {%- if missing -%}
    {%- do exceptions.raise_compiler_error(
      'generated files of clients are missing' ~ remedy ~ ': ' ~ missing[:4] | join(', ') ~ (' and ' ~ (missing | length - 4) ~ ' more' if missing | length > 4 else '')
    ) -%}
  {%- endif -%}
{% endmacro %}
