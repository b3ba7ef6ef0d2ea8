{# The tables of the schema bronze that the generator fills, beside those that every area of feeds has (feed_tables), with their columns in
   table order. The only list of them; areas/customer_360/docs/customer_360.md describes each.
   Returns: mapping table -> list of [column, SQL type, required (bool)].
   Example: {% for name, type, required in customer_360_tables()['raw_transactions'] %}{{ name }}{% endfor %} #}
{% macro customer_360_tables() %}
  {%- set timestamp = type_timestamp() | trim -%}
  {% do return({
    'raw_transactions': [
      ['transaction_id', 'bigint', true],
      ['customer_id', 'bigint', true],
      ['transaction_date', 'date', true],
      ['transaction_amount', 'decimal(9, 2)', true],
      ['merchant_name', 'varchar', false],
      ['merchant_category', 'varchar', false],
      ['channel', 'varchar', false],
      ['status', 'varchar', false],
      ['batch_id', 'bigint', true],
    ],
    'generation_telemetry': [
      ['batch_id', 'bigint', true],
      ['kind', 'varchar', true],
      ['seed', 'bigint', true],
      ['customer_count', 'bigint', true],
      ['history_first_day', 'date', true],
      ['history_last_day', 'date', true],
      ['first_day', 'date', true],
      ['last_day', 'date', true],
      ['records', 'bigint', true],
      ['run_id', 'varchar', true],
      ['done_by', 'varchar', false],
      ['generated_at', timestamp, true],
    ],
    'customer_traits': [
      ['customer_id', 'bigint', true],
      ['draw', 'bigint', true],
      ['segment', 'bigint', true],
      ['decline', 'bigint', true],
      ['open_day', 'bigint', true],
      ['trend_start', 'bigint', true],
      ['trend_base', 'bigint', true],
      ['trend_slope', 'bigint', true],
      ['trend_floor', 'bigint', true],
      ['close_day', 'bigint', true],
      ['activity', 'bigint', true],
    ],
    'spending_habits': [
      ['habit', 'bigint', true],
      ['merchant_name', 'varchar', true],
      ['merchant_category', 'varchar', true],
      ['median_cents', 'bigint', true],
      ['spread', 'bigint', true],
      ['online_below', 'bigint', true],
      ['in_store_below', 'bigint', true],
    ],
    'eda_baseline': [
      ['metric', 'varchar', true],
      ['grouping_name', 'varchar', true],
      ['group_value', 'varchar', true],
      ['metric_value', 'double', false],
      ['as_of_day', 'date', false],
      ['taken_at', timestamp, true],
    ],
  }) %}
{% endmacro %}
