{# The name of a functional role (dbt var snowflake.roles).
   Arguments: job ('admin', 'loader', 'transformer', 'analyst' or 'developer').
   Returns: a role name (string).
   Example: use role {{ functional_role('admin') }} #}
{% macro functional_role(job) %}
  {%- set roles = var('snowflake').roles -%}
  {%- if job not in roles -%}
    {%- do exceptions.raise_compiler_error("functional_role: '" ~ job ~ "' is not one of " ~ roles.keys() | join(', ')) -%}
  {%- endif -%}
  {% do return(roles[job]) %}
{% endmacro %}
