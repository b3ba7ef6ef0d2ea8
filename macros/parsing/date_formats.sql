{#
  Purpose: the ways in which an export can write a date; the loader picks one a column, over the whole column.
  Returns: mapping value_format -> {pattern (of the whole cell; what a warehouse's own parser would take
    beyond it is not this format), strptime (C form, DuckDB), snowflake (its own form), example}.
  Example: {{ date_formats()['mdy_slash'].strptime }}
#}
{% macro date_formats() %}
  {% do return({
    'iso': {
      'pattern': '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}',
      'strptime': '%Y-%m-%d', 'snowflake': 'YYYY-MM-DD', 'example': '2024-01-31',
    },
    'iso_time': {
      'pattern': '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2} [0-9]{1,2}:[0-9]{2}:[0-9]{2}',
      'strptime': '%Y-%m-%d %H:%M:%S', 'snowflake': 'YYYY-MM-DD HH24:MI:SS', 'example': '2024-01-31 00:00:00',
    },
    'ymd_slash': {
      'pattern': '[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}',
      'strptime': '%Y/%m/%d', 'snowflake': 'YYYY/MM/DD', 'example': '2024/01/31',
    },
    'mdy_slash': {
      'pattern': '[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}',
      'strptime': '%m/%d/%Y', 'snowflake': 'MM/DD/YYYY', 'example': '01/31/2024',
    },
    'dmy_slash': {
      'pattern': '[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}',
      'strptime': '%d/%m/%Y', 'snowflake': 'DD/MM/YYYY', 'example': '31/01/2024',
    },
    'dmy_dot': {
      'pattern': '[0-9]{1,2}[.][0-9]{1,2}[.][0-9]{4}',
      'strptime': '%d.%m.%Y', 'snowflake': 'DD.MM.YYYY', 'example': '31.01.2024',
    },
    'dmy_dash': {
      'pattern': '[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}',
      'strptime': '%d-%m-%Y', 'snowflake': 'DD-MM-YYYY', 'example': '31-01-2024',
    },
    'month_day_year': {
      'pattern': '[A-Za-z]{3} [0-9]{1,2}, [0-9]{4}',
      'strptime': '%b %d, %Y', 'snowflake': 'MON DD, YYYY', 'example': 'Jan 31, 2024',
    },
    'day_month_year': {
      'pattern': '[0-9]{1,2} [A-Za-z]{3} [0-9]{4}',
      'strptime': '%d %b %Y', 'snowflake': 'DD MON YYYY', 'example': '31 Jan 2024',
    },
    'dmy_month_dash': {
      'pattern': '[0-9]{1,2}-[A-Za-z]{3}-[0-9]{4}',
      'strptime': '%d-%b-%Y', 'snowflake': 'DD-MON-YYYY', 'example': '31-Jan-2024',
    },
  }) %}
{% endmacro %}
