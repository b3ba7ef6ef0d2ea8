{#
  Purpose: the ways in which an export can write a date; the loader picks one a column, over the whole column.
  Returns: mapping value_format -> {strptime (C form, DuckDB), example}.
  Example: {{ date_formats()['mdy_slash'].strptime }}
#}
{% macro date_formats() %}
  {% do return({
    'iso': {'strptime': '%Y-%m-%d', 'example': '2024-01-31'},
    'iso_time': {'strptime': '%Y-%m-%d %H:%M:%S', 'example': '2024-01-31 00:00:00'},
    'ymd_slash': {'strptime': '%Y/%m/%d', 'example': '2024/01/31'},
    'mdy_slash': {'strptime': '%m/%d/%Y', 'example': '01/31/2024'},
    'dmy_slash': {'strptime': '%d/%m/%Y', 'example': '31/01/2024'},
    'dmy_dot': {'strptime': '%d.%m.%Y', 'example': '31.01.2024'},
    'dmy_dash': {'strptime': '%d-%m-%Y', 'example': '31-01-2024'},
    'month_day_year': {'strptime': '%b %d, %Y', 'example': 'Jan 31, 2024'},
    'day_month_year': {'strptime': '%d %b %Y', 'example': '31 Jan 2024'},
    'dmy_month_dash': {'strptime': '%d-%b-%Y', 'example': '31-Jan-2024'},
  }) %}
{% endmacro %}
