{# The ways in which an export can write a date; the loader picks one a column, over the whole column.
   Returns: mapping value_format -> {pattern (of the whole cell; what a warehouse's own parser would take beyond it is not this format),
     strptime (C form, DuckDB), snowflake (its own form), example, cut (what ends the date in a cell that has a time too; only there), signs
     (after year, month and day; read as hyphens)}. 'excel_serial' has no form: it counts days from 1899-12-30. Where day and month could
     change places: order ('day-first' or 'month-first'), twin (the format that reads the same cells the other way round) and separator.
     span: the cell names a whole week or month. names: it has a month's name (month_names()), and the pattern is of the lower-cased cell.
     ranges: two of them in a cell can be a start and an end. A time's zone is not converted: the day that the platform wrote is the day of
     its account.
   Example: {{ date_formats()['mdy_slash'].strptime }} #}
{% macro date_formats() %}
  {%- set space = '[   ]' -%}
  {%- set month = '(' ~ month_names() | join('|') ~ ')' -%}
  {%- set gap = '[   /-]?' -%}
  {%- set day_first = '[0-9]{1,2}(st|nd|rd|th|er|[º.])?' ~ gap ~ '(de |of )?' ~ month ~ '[.]?,?' ~ gap ~ '(de |del )?([0-9]{4}|[0-9]{2})' -%}
  {%- set month_first = month ~ '[.]?' ~ gap ~ '[0-9]{1,2}(st|nd|rd|th)?,?' ~ gap ~ '[0-9]{4}' -%}
  {% do return({
    'iso': {
      'ranges': true,
      'pattern': '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}',
      'strptime': '%Y-%m-%d', 'snowflake': 'YYYY-MM-DD', 'example': '2024-01-31',
    },
    'iso_time': {
      'pattern': '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2} [0-9]{1,2}:[0-9]{2}:[0-9]{2}',
      'strptime': '%Y-%m-%d %H:%M:%S', 'snowflake': 'YYYY-MM-DD HH24:MI:SS', 'example': '2024-01-31 00:00:00',
    },
    'ymd_slash': {
      'ranges': true,
      'pattern': '[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}',
      'strptime': '%Y/%m/%d', 'snowflake': 'YYYY/MM/DD', 'example': '2024/01/31',
    },
    'mdy_slash': {
      'order': 'month-first', 'twin': 'dmy_slash', 'separator': '/', 'ranges': true,
      'pattern': '[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}',
      'strptime': '%m/%d/%Y', 'snowflake': 'MM/DD/YYYY', 'example': '01/31/2024',
    },
    'dmy_slash': {
      'order': 'day-first', 'twin': 'mdy_slash', 'separator': '/', 'ranges': true,
      'pattern': '[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}',
      'strptime': '%d/%m/%Y', 'snowflake': 'DD/MM/YYYY', 'example': '31/01/2024',
    },
    'dmy_dot': {
      'ranges': true,
      'pattern': '[0-9]{1,2}[.][0-9]{1,2}[.][0-9]{4}',
      'strptime': '%d.%m.%Y', 'snowflake': 'DD.MM.YYYY', 'example': '31.01.2024',
    },
    'dmy_dash': {
      'order': 'day-first', 'twin': 'mdy_dash', 'separator': '-',
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
      'ranges': true,
      'pattern': '[0-9]{4}[.][0-9]{1,2}[.][0-9]{1,2}',
      'strptime': '%Y.%m.%d', 'snowflake': 'YYYY.MM.DD', 'example': '2024.01.31',
    },
    'ymd_kanji': {
      'ranges': true, 'signs': '年月日',
      'pattern': '[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日',
      'strptime': '%Y-%m-%d', 'snowflake': 'YYYY-MM-DD', 'example': '2024年1月31日',
    },
    'ymd_compact': {
      'ranges': true,
      'pattern': '20[0-9]{2}(0[1-9]|1[0-2])[0-3][0-9]',
      'strptime': '%Y%m%d', 'snowflake': 'YYYYMMDD', 'example': '20240131',
    },
    'month': {
      'pattern': '[0-9]{4}-[0-9]{2}', 'span': 'month',
      'strptime': '%Y-%m', 'snowflake': 'YYYY-MM', 'example': '2024-01',
    },
    'mdy_slash_time': {
      'order': 'month-first', 'twin': 'dmy_slash_time', 'separator': '/',
      'pattern': '[0-9]{1,2}/[0-9]{1,2}/[0-9]{4} [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?( ?[AaPp][Mm])?', 'cut': ' ',
      'strptime': '%m/%d/%Y', 'snowflake': 'MM/DD/YYYY', 'example': '1/31/2024 0:00',
    },
    'dmy_slash_time': {
      'order': 'day-first', 'twin': 'mdy_slash_time', 'separator': '/',
      'pattern': '[0-9]{1,2}/[0-9]{1,2}/[0-9]{4} [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?( ?[AaPp][Mm])?', 'cut': ' ',
      'strptime': '%d/%m/%Y', 'snowflake': 'DD/MM/YYYY', 'example': '31/01/2024 00:00',
    },
    'dmy_dot_time': {
      'pattern': '[0-9]{1,2}[.][0-9]{1,2}[.][0-9]{4} [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?', 'cut': ' ',
      'strptime': '%d.%m.%Y', 'snowflake': 'DD.MM.YYYY', 'example': '31.01.2024 00:00',
    },
    'mdy_slash_short': {
      'order': 'month-first', 'twin': 'dmy_slash_short', 'separator': '/', 'ranges': true,
      'pattern': '[0-9]{1,2}/[0-9]{1,2}/[0-9]{2}',
      'strptime': '%m/%d/%y', 'snowflake': 'MM/DD/YY', 'example': '1/31/24',
    },
    'dmy_slash_short': {
      'order': 'day-first', 'twin': 'mdy_slash_short', 'separator': '/', 'ranges': true,
      'pattern': '[0-9]{1,2}/[0-9]{1,2}/[0-9]{2}',
      'strptime': '%d/%m/%y', 'snowflake': 'DD/MM/YY', 'example': '31/1/24',
    },
    'dmy_dot_short': {
      'ranges': true,
      'pattern': '[0-9]{1,2}[.][0-9]{1,2}[.][0-9]{2}',
      'strptime': '%d.%m.%y', 'snowflake': 'DD.MM.YY', 'example': '31.01.24',
    },
    'mdy_dash': {
      'order': 'month-first', 'twin': 'dmy_dash', 'separator': '-',
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
    'iso_space_stamp': {
      'pattern': '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2} [0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?( ?(Z|[A-Z]{2,4}|[-+][0-9]{2}:?[0-9]{2}))?',
      'cut': ' ', 'strptime': '%Y-%m-%d', 'snowflake': 'YYYY-MM-DD', 'example': '2024-01-31 00:00 +0200',
    },
    'ymd_slash_time': {
      'pattern': '[0-9]{4}/[0-9]{1,2}/[0-9]{1,2} [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?', 'cut': ' ',
      'strptime': '%Y/%m/%d', 'snowflake': 'YYYY/MM/DD', 'example': '2024/01/31 00:00',
    },
    'mdy_slash_short_time': {
      'order': 'month-first', 'twin': 'dmy_slash_short_time', 'separator': '/',
      'pattern': '[0-9]{1,2}/[0-9]{1,2}/[0-9]{2} [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?( ?[AaPp][Mm])?', 'cut': ' ',
      'strptime': '%m/%d/%y', 'snowflake': 'MM/DD/YY', 'example': '1/31/24 0:00',
    },
    'dmy_slash_short_time': {
      'order': 'day-first', 'twin': 'mdy_slash_short_time', 'separator': '/',
      'pattern': '[0-9]{1,2}/[0-9]{1,2}/[0-9]{2} [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?( ?[AaPp][Mm])?', 'cut': ' ',
      'strptime': '%d/%m/%y', 'snowflake': 'DD/MM/YY', 'example': '31/1/24 0:00',
    },
    'dmy_dash_time': {
      'order': 'day-first', 'twin': 'mdy_dash_time', 'separator': '-',
      'pattern': '[0-9]{1,2}-[0-9]{1,2}-[0-9]{4} [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?( ?[AaPp][Mm])?', 'cut': ' ',
      'strptime': '%d-%m-%Y', 'snowflake': 'DD-MM-YYYY', 'example': '31-01-2024 00:00',
    },
    'mdy_dash_time': {
      'order': 'month-first', 'twin': 'dmy_dash_time', 'separator': '-',
      'pattern': '[0-9]{1,2}-[0-9]{1,2}-[0-9]{4} [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?( ?[AaPp][Mm])?', 'cut': ' ',
      'strptime': '%m-%d-%Y', 'snowflake': 'MM-DD-YYYY', 'example': '01-31-2024 00:00',
    },
    'month_name': {
      'names': true, 'ranges': true, 'example': '10 de dez. de 2022',
      'pattern': '(' ~ day_first ~ '|' ~ month_first ~ ')(,?' ~ space ~ '[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?(' ~ space ~ '?[ap][.]?m[.]?)?)?',
    },
    'month_name_year': {
      'names': true, 'span': 'month', 'example': 'September 2026',
      'pattern': month ~ '[.]?' ~ space ~ '(de ' ~ '|del )?[0-9]{4}',
    },
    'month_slash': {
      'span': 'month',
      'pattern': '(0?[1-9]|1[0-2])/[0-9]{4}', 'strptime': '%m/%Y', 'snowflake': 'MM/YYYY', 'example': '01/2024',
    },
    'iso_week': {
      'span': 'week', 'pattern': '[0-9]{4}-?W[0-5][0-9]', 'example': '2026-W36',
    },
    'excel_serial': {
      'pattern': '(3[6-9]|4[0-9]|5[0-4])[0-9]{3}([.][0-9]+)?', 'cut': '.', 'strptime': none, 'snowflake': none,
      'example': '45322',
    },
  }) %}
{% endmacro %}
