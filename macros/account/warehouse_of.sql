{# The warehouse of a job: the first of the dbt var snowflake.warehouses that its role may use.
   Arguments: job (a key of the dbt var snowflake.roles).
   Returns: a warehouse name (string).
   Example: create task t warehouse = {{ warehouse_of('transformer') }} as select 1 #}
{% macro warehouse_of(job) %}
  {%- for name, warehouse in var('snowflake').warehouses.items() if job in warehouse.roles -%}{% do return(name) %}{%- endfor -%}
  {%- do exceptions.raise_compiler_error("warehouse_of: no warehouse of the var snowflake.warehouses has the role '" ~ job ~ "'") -%}
{% endmacro %}
