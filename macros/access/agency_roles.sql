{# The roles that reach every client by their job: the functional ones, and Snowflake's own above them.
   Returns: list of role names, lower case.
   Example: {% if role not in agency_roles() %}...{% endif %} #}
{% macro agency_roles() %}
  {% do return(var('snowflake').roles.values() | list + ['sysadmin', 'securityadmin', 'accountadmin']) %}
{% endmacro %}
