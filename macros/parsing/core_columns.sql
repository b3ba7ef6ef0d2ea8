{#
  Purpose: the typed columns that processed_campaign_data has for every client, in table order. The only list of them:
    the loader renders this macro too.
  Returns: list of {name, type (a key of column_types()), required (a row without it is incomplete),
    in_key (part of what tells one row of a wave from another)}.
  Example: {% for column in core_columns() %}{{ column.name }}{% endfor %}
#}
{% macro core_columns() %}
  {% do return([
    {'name': 'date_start', 'type': 'date', 'required': true, 'in_key': true},
    {'name': 'date_end', 'type': 'date', 'required': false, 'in_key': true},
    {'name': 'campaign_id', 'type': 'id', 'required': false, 'in_key': true},
    {'name': 'campaign_name', 'type': 'text', 'required': true, 'in_key': true},
    {'name': 'ad_set_id', 'type': 'id', 'required': false, 'in_key': true},
    {'name': 'ad_set_name', 'type': 'text', 'required': true, 'in_key': true},
    {'name': 'ad_id', 'type': 'id', 'required': false, 'in_key': true},
    {'name': 'ad_name', 'type': 'text', 'required': false, 'in_key': true},
    {'name': 'currency', 'type': 'text', 'required': false, 'in_key': true},
    {'name': 'impressions', 'type': 'integer', 'required': true, 'in_key': false},
    {'name': 'reach', 'type': 'integer', 'required': false, 'in_key': false},
    {'name': 'clicks', 'type': 'integer', 'required': true, 'in_key': false},
    {'name': 'conversions', 'type': 'decimal', 'required': false, 'in_key': false},
    {'name': 'amount_spent', 'type': 'decimal', 'required': true, 'in_key': false},
  ]) %}
{% endmacro %}
