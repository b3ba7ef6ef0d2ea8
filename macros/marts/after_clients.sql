{# Have a mart wait for each client's build although it reads only the loader's tables, which builds write to.
   Arguments: table (string): the client model to wait for.
   Returns: SQL comments (text) that dbt reads as dependencies.
   Example: {{ after_clients('processed_campaign_data') }} #}
{% macro after_clients(table) -%}
{%- for client_schema in registered_client_schemas() %}
-- depends_on: {{ ref(client_schema ~ '__' ~ table) }}
{%- endfor %}
{%- endmacro %}
