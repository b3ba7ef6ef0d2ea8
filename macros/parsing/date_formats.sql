{#
  Purpose: the ways in which an export can write a date; the loader picks one a column, over the whole column.
  Returns: mapping value_format -> {pattern (of the whole cell; what a warehouse's own parser would take
    beyond it is not this format), strptime (C form, DuckDB), snowflake (its own form), example, cut (what ends the
    date in a cell that has a time too; only there)}. 'excel_serial' has no form: it counts days from 1899-12-30.
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
    'iso_stamp': {
      'pattern': '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{4,}(Z|[-+][0-9:]{4,5})?', 'cut': 'T',
      'strptime': '%Y-%m-%d', 'snowflake': 'YYYY-MM-DD', 'example': '2024-01-31T00:00:00Z',
    },
    'ymd_dot': {
      'pattern': '[0-9]{4}[.][0-9]{1,2}[.][0-9]{1,2}',
      'strptime': '%Y.%m.%d', 'snowflake': 'YYYY.MM.DD', 'example': '2024.01.31',
    },
    'ymd_compact': {
      'pattern': '20[0-9]{2}(0[1-9]|1[0-2])[0-3][0-9]',
      'strptime': '%Y%m%d', 'snowflake': 'YYYYMMDD', 'example': '20240131',
    },
    'month': {
      'pattern': '[0-9]{4}-[0-9]{2}', 'strptime': '%Y-%m', 'snowflake': 'YYYY-MM', 'example': '2024-01',
    },
    'mdy_slash_time': {
      'pattern': '[0-9]{1,2}/[0-9]{1,2}/[0-9]{4} [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?( ?[AaPp][Mm])?', 'cut': ' ',
      'strptime': '%m/%d/%Y', 'snowflake': 'MM/DD/YYYY', 'example': '1/31/2024 0:00',
    },
    'dmy_slash_time': {
      'pattern': '[0-9]{1,2}/[0-9]{1,2}/[0-9]{4} [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?', 'cut': ' ',
      'strptime': '%d/%m/%Y', 'snowflake': 'DD/MM/YYYY', 'example': '31/01/2024 00:00',
    },
    'dmy_dot_time': {
      'pattern': '[0-9]{1,2}[.][0-9]{1,2}[.][0-9]{4} [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?', 'cut': ' ',
      'strptime': '%d.%m.%Y', 'snowflake': 'DD.MM.YYYY', 'example': '31.01.2024 00:00',
    },
    'mdy_slash_short': {
      'pattern': '[0-9]{1,2}/[0-9]{1,2}/[0-9]{2}',
      'strptime': '%m/%d/%y', 'snowflake': 'MM/DD/YY', 'example': '1/31/24',
    },
    'dmy_slash_short': {
      'pattern': '[0-9]{1,2}/[0-9]{1,2}/[0-9]{2}',
      'strptime': '%d/%m/%y', 'snowflake': 'DD/MM/YY', 'example': '31/1/24',
    },
    'dmy_dot_short': {
      'pattern': '[0-9]{1,2}[.][0-9]{1,2}[.][0-9]{2}',
      'strptime': '%d.%m.%y', 'snowflake': 'DD.MM.YY', 'example': '31.01.24',
    },
    'mdy_dash': {
      'pattern': '[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}',
      'strptime': '%m-%d-%Y', 'snowflake': 'MM-DD-YYYY', 'example': '01-31-2024',
    },
    'month_day_year_long': {
      'pattern': '(January|February|March|April|May|June|July|August|September|October|November|December) [0-9]{1,2}, [0-9]{4}',
      'strptime': '%B %d, %Y', 'snowflake': 'MMMM DD, YYYY', 'example': 'January 31, 2024',
    },
    'day_month_year_long': {
      'pattern': '[0-9]{1,2} (January|February|March|April|May|June|July|August|September|October|November|December) [0-9]{4}',
      'strptime': '%d %B %Y', 'snowflake': 'DD MMMM YYYY', 'example': '31 January 2024',
    },
    'excel_serial': {
      'pattern': '(3[6-9]|4[0-9]|5[0-4])[0-9]{3}([.][0-9]+)?', 'cut': '.', 'strptime': none, 'snowflake': none,
      'example': '45322',
    },
  }) %}
{% endmacro %}
