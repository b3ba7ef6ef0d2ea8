{# The account of a row of processed_campaign_data, which has it among its additional_metrics.
   Arguments: name (a key of account_columns()).
   Returns: an expression (text); null where the export names no account. Of an id the digits alone, without leading zeros:
     123-456-7890 is 1234567890.
   Example: {{ account_of_row('own_account_id') }} as own_account_id #}
{% macro account_of_row(name) -%}
  {%- set found = [] -%}
  {%- for column in account_columns()[name] -%}{%- do found.append(json_text('additional_metrics', column)) -%}{%- endfor -%}
  {{ account_label(name, 'coalesce(' ~ found | join(', ') ~ ')') }}
{%- endmacro %}

{# An account's id or name as accounts are compared. Arguments: name (a key of account_columns()), expression (SQL text). #}
{% macro account_label(name, expression) -%}
  {{ "nullif(" ~ text_replace(text_keep(expression, '0-9'), '^0+', '') ~ ", '')" if name == 'own_account_id' else expression }}
{%- endmacro %}
