{# dbt's own incremental materialization, which a client with nothing new passes over: a dozen statements a model, 300 clients a minute.
   Returns: what the adapter's materialization returns: the relations. #}
{% materialization incremental, adapter='duckdb', supported_languages=['sql', 'python'] %}
  {{ return(skip_if_up_to_date(insert_loads)) }}
{% endmaterialization %}

{# The same on Snowflake. #}
{% materialization incremental, adapter='snowflake', supported_languages=['sql', 'python'] %}
  {{ return(skip_if_up_to_date(dbt.materialization_incremental_snowflake)) }}
{% endmaterialization %}
