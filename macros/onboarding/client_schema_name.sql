{# The schema of a client, platform and year, after checking that each part is a valid one.
   Arguments: client ([a-z0-9] with single underscores between), platform ([a-z0-9]), year (2000 to 2099).
   Returns: client_{client}_{platform}_{year} (string). Raises an error that gives the rule otherwise.
   Example: {{ client_schema_name('acme', 'meta', 2024) }} #}
{% macro client_schema_name(client, platform, year) %}
  {%- if not modules.re.fullmatch('[a-z0-9]+(_[a-z0-9]+)*', client | string) -%}
    {%- do exceptions.raise_compiler_error("client '" ~ client ~ "' is not a valid name: lower-case letters and digits, with single underscores between them") -%}
  {%- endif -%}
  {%- if not modules.re.fullmatch('[a-z0-9]+', platform | string) -%}
    {%- do exceptions.raise_compiler_error("platform '" ~ platform ~ "' is not a valid name: lower-case letters and digits only") -%}
  {%- endif -%}
  {%- if not modules.re.fullmatch('20[0-9][0-9]', year | string) -%}
    {%- do exceptions.raise_compiler_error("year '" ~ year ~ "' is not a valid year: four digits from 2000 to 2099") -%}
  {%- endif -%}
  {% do return('client_' ~ client ~ '_' ~ platform ~ '_' ~ year) %}
{% endmacro %}
