{# The typed columns that processed_campaign_data has for every client, in table order. The only list of them: the loader renders this macro
   too.
   Returns: list of {name, type (a key of column_types()), required (when a row without it is incomplete: 'always'; 'level', where the
     export names that level; 'figure', where the file has the column, lacks the other figure too, or lost it; 'lost', where the client's
     earlier waves had it and this one does not; '' for never), in_key (part of what tells one row of a wave from another)}. level and
     breakdowns are the same for all rows of a load.
   Example: {% for column in core_columns() %}{{ column.name }}{% endfor %} #}
{% macro core_columns() %}
  {% do return([
    {'name': 'date_start', 'type': 'date', 'required': 'always', 'in_key': true},
    {'name': 'date_end', 'type': 'date', 'required': '', 'in_key': true},
    {'name': 'campaign_id', 'type': 'id', 'required': 'level', 'in_key': true},
    {'name': 'campaign_name', 'type': 'text', 'required': 'level', 'in_key': true},
    {'name': 'ad_set_id', 'type': 'id', 'required': 'level', 'in_key': true},
    {'name': 'ad_set_name', 'type': 'text', 'required': 'level', 'in_key': true},
    {'name': 'ad_id', 'type': 'id', 'required': 'level', 'in_key': true},
    {'name': 'ad_name', 'type': 'text', 'required': 'level', 'in_key': true},
    {'name': 'currency', 'type': 'text', 'required': '', 'in_key': true},
    {'name': 'level', 'type': 'text', 'required': '', 'in_key': false},
    {'name': 'breakdowns', 'type': 'text', 'required': '', 'in_key': false},
    {'name': 'conversion_type', 'type': 'text', 'required': '', 'in_key': true},
    {'name': 'impressions', 'type': 'integer', 'required': 'figure', 'in_key': false},
    {'name': 'reach', 'type': 'integer', 'required': '', 'in_key': false},
    {'name': 'clicks', 'type': 'integer', 'required': 'lost', 'in_key': false},
    {'name': 'conversions', 'type': 'decimal', 'required': '', 'in_key': false},
    {'name': 'conversion_value', 'type': 'decimal', 'required': '', 'in_key': false},
    {'name': 'amount_spent', 'type': 'decimal', 'required': 'figure', 'in_key': false},
  ]) %}
{% endmacro %}
