{# The names of the tasks of customer_360_native_ddl(), those that come after others first. They are in the schema bronze.
   Returns: list of names.
   Example: {% for task in customer_360_tasks() %}alter task {{ task }} resume;{% endfor %} #}
{% macro customer_360_tasks() %}
  {% do return(['refresh_analytics_views', 'train_churn_model', 'run_dbt_transformations', 'generate_transaction_data', 'generate_customer_data', 'process_incremental_transactions']) %}
{% endmacro %}
