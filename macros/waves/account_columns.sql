{# The target columns that name the account of a row; ids first, since an account can be renamed.
   Returns: mapping {own_account_id: list of columns, own_account_name: list of columns}.
   Example: {% for name, columns in account_columns().items() %}{{ name }}{% endfor %} #}
{% macro account_columns() %}
  {% do return({'own_account_id': ['account_id', 'customer_id', 'advertiser_id'], 'own_account_name': ['account_name', 'advertiser_name']}) %}
{% endmacro %}
