{# Compare the registry with what the warehouse says about roles and grants, and list each difference with the statement that fixes it;
   `spark9 audit` shows the same.
   Returns: nothing; logs the differences, and raises an error when there is any.
   Example: dbt run-operation audit_client_access --target prod #}
{% macro audit_client_access() %}
  {%- set differences = access_differences() -%}
  {%- for difference in differences -%}
    {%- do log(difference.client_schema ~ ": " ~ difference.problem ~ (" -> " ~ difference.remedy if difference.remedy else ""), info=true) -%}
  {%- endfor -%}
  {%- if differences -%}
    {%- do exceptions.raise_compiler_error("audit_client_access: " ~ differences | length ~ " differences between registry and warehouse; see above") -%}
  {%- endif -%}
  {%- do log("roles and grants of " ~ registered_clients() | length ~ " clients match the registry", info=true) -%}
{% endmacro %}
