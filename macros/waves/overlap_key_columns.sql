{# The columns by which the loader compares loads.
   Returns: list of column names, all of processed_campaign_data but the account, which account_of_row() finds there.
   Example: {{ overlap_key_columns() | join(', ') }} #}
{% macro overlap_key_columns() %}
  {% do return([
    'load_id', 'row_key', 'id_key', 'campaign_id', 'campaign_name', 'ad_set_id', 'ad_set_name', 'ad_id', 'ad_name',
    'level', 'breakdowns', 'date_start', 'date_end', 'currency', 'own_account_id', 'own_account_name',
  ]) %}
{% endmacro %}
