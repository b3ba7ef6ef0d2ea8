{# The ways in which an export can write a date; the loader picks one a column, over the whole column.
   Returns: mapping value_format -> {pattern (of the whole cell; what a warehouse's own parser would take beyond it is not this format),
     strptime (C form, DuckDB), snowflake (its own form), example, cut (what ends the date in a cell that has a time too; only there), signs
     (between year, month and day, read as hyphens, and the one after the day)}. 'excel_serial' has no form: it counts days from 1899-12-30. Where day and month could
     change places: order ('day-first' or 'month-first'), twin (the format that reads the same cells the other way round) and separator.
     span: the cell names a whole week or month. names: it has a month's name (month_names()), and the pattern is of the lower-cased cell.
     yearless: the year stands elsewhere, and value_format names it. under: it is read under headers alone that name this span; elsewhere it
     could be something else. ranges: two of them in a cell can be a start and an end. A time's zone is not converted: the day that the platform wrote is the day of
     its account.
   Example: {{ date_formats()['mdy_slash'].strptime }} #}
{% macro date_formats() %}
  {%- set space = '[   ]' -%}
  {%- set digit = '[٠-٩۰-۹０-９]' -%}
  {%- set month = '(' ~ month_names() | join('|') ~ ')' -%}
  {%- set gap = '[   /-]?' -%}
  {%- set day_first = '[0-9]{1,2}(st|nd|rd|th|er|[º.])?' ~ gap ~ '(de |of )?' ~ month ~ '[.]?,?' ~ gap ~ '(de |del )?([0-9]{4}|[0-9]{2})' -%}
  {%- set month_first = month ~ '[.]?' ~ gap ~ '[0-9]{1,2}(st|nd|rd|th)?,?' ~ gap ~ '[0-9]{4}' -%}
  {%- set clock = ' [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?( ?[AaPp][Mm])?' -%}
  {% do return({
    'iso': {'strptime': '%Y-%m-%d', 'snowflake': 'YYYY-MM-DD', 'example': '2024-01-31',
      'ranges': true, 'pattern': '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}'},
    'iso_time': {'strptime': '%Y-%m-%d %H:%M:%S', 'snowflake': 'YYYY-MM-DD HH24:MI:SS', 'example': '2024-01-31 00:00:00',
      'pattern': '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2} [0-9]{1,2}:[0-9]{2}:[0-9]{2}'},
    'ymd_slash': {'strptime': '%Y/%m/%d', 'snowflake': 'YYYY/MM/DD', 'example': '2024/01/31',
      'ranges': true, 'pattern': '[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}'},
    'mdy_slash': {'strptime': '%m/%d/%Y', 'snowflake': 'MM/DD/YYYY', 'example': '01/31/2024',
      'order': 'month-first', 'twin': 'dmy_slash', 'separator': '/', 'ranges': true, 'pattern': '[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}'},
    'dmy_slash': {'strptime': '%d/%m/%Y', 'snowflake': 'DD/MM/YYYY', 'example': '31/01/2024',
      'order': 'day-first', 'twin': 'mdy_slash', 'separator': '/', 'ranges': true, 'pattern': '[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}'},
    'dmy_dot': {'strptime': '%d.%m.%Y', 'snowflake': 'DD.MM.YYYY', 'example': '31.01.2024',
      'ranges': true, 'pattern': '[0-9]{1,2}[.][0-9]{1,2}[.][0-9]{4}'},
    'dmy_dash': {'strptime': '%d-%m-%Y', 'snowflake': 'DD-MM-YYYY', 'example': '31-01-2024',
      'order': 'day-first', 'twin': 'mdy_dash', 'separator': '-', 'pattern': '[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}'},
    'month_day_year': {'strptime': '%b %d, %Y', 'snowflake': 'MON DD, YYYY', 'example': 'Jan 31, 2024',
      'pattern': '[A-Za-z]{3} [0-9]{1,2}, [0-9]{4}'},
    'day_month_year': {'strptime': '%d %b %Y', 'snowflake': 'DD MON YYYY', 'example': '31 Jan 2024',
      'pattern': '[0-9]{1,2} [A-Za-z]{3} [0-9]{4}'},
    'dmy_month_dash': {'strptime': '%d-%b-%Y', 'snowflake': 'DD-MON-YYYY', 'example': '31-Jan-2024',
      'pattern': '[0-9]{1,2}-[A-Za-z]{3}-[0-9]{4}'},
    'iso_stamp': {'strptime': '%Y-%m-%d', 'snowflake': 'YYYY-MM-DD', 'example': '2024-01-31T00:00:00Z',
      'pattern': '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{4,}(Z|[-+][0-9:]{4,5})?', 'cut': 'T'},
    'ymd_dot': {'strptime': '%Y.%m.%d', 'snowflake': 'YYYY.MM.DD', 'example': '2024.01.31',
      'ranges': true, 'pattern': '[0-9]{4}[.][0-9]{1,2}[.][0-9]{1,2}'},
    'ymd_dot_space': {'strptime': '%Y. %m. %d.', 'snowflake': 'YYYY. MM. DD.', 'example': '2024. 1. 31.',
      'ranges': true, 'pattern': '[0-9]{4}[.] [0-9]{1,2}[.] [0-9]{1,2}[.]'},
    'ymd_kanji': {'strptime': '%Y-%m-%d', 'snowflake': 'YYYY-MM-DD', 'example': '2024年1月31日',
      'ranges': true, 'signs': '年月日', 'pattern': '[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日'},
    'ymd_native': {'strptime': '%Y-%m-%d', 'snowflake': 'YYYY-MM-DD', 'example': '٢٠٢٤-٠١-٣١', 'signs': '/／.年月日',
      'pattern': digit ~ '{4}[-－/／.．年]' ~ digit ~ '{1,2}[-－/／.．月]' ~ digit ~ '{1,2}日?'},
    'ymd_compact': {'strptime': '%Y%m%d', 'snowflake': 'YYYYMMDD', 'example': '20240131',
      'ranges': true, 'pattern': '20[0-9]{2}(0[1-9]|1[0-2])[0-3][0-9]'},
    'month': {'strptime': '%Y-%m', 'snowflake': 'YYYY-MM', 'example': '2024-01',
      'pattern': '[0-9]{4}-[0-9]{2}', 'span': 'month'},
    'mdy_slash_time': {'strptime': '%m/%d/%Y', 'snowflake': 'MM/DD/YYYY', 'example': '1/31/2024 0:00',
      'order': 'month-first', 'twin': 'dmy_slash_time', 'separator': '/', 'pattern': '[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}' ~ clock, 'cut': ' '},
    'dmy_slash_time': {'strptime': '%d/%m/%Y', 'snowflake': 'DD/MM/YYYY', 'example': '31/01/2024 00:00',
      'order': 'day-first', 'twin': 'mdy_slash_time', 'separator': '/', 'pattern': '[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}' ~ clock, 'cut': ' '},
    'dmy_dot_time': {'strptime': '%d.%m.%Y', 'snowflake': 'DD.MM.YYYY', 'example': '31.01.2024 00:00',
      'pattern': '[0-9]{1,2}[.][0-9]{1,2}[.][0-9]{4} [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?', 'cut': ' '},
    'mdy_slash_short': {'strptime': '%m/%d/%y', 'snowflake': 'MM/DD/YY', 'example': '1/31/24',
      'order': 'month-first', 'twin': 'dmy_slash_short', 'separator': '/', 'ranges': true, 'pattern': '[0-9]{1,2}/[0-9]{1,2}/[0-9]{2}'},
    'dmy_slash_short': {'strptime': '%d/%m/%y', 'snowflake': 'DD/MM/YY', 'example': '31/1/24',
      'order': 'day-first', 'twin': 'mdy_slash_short', 'separator': '/', 'ranges': true, 'pattern': '[0-9]{1,2}/[0-9]{1,2}/[0-9]{2}'},
    'dmy_dot_short': {'strptime': '%d.%m.%y', 'snowflake': 'DD.MM.YY', 'example': '31.01.24',
      'ranges': true, 'pattern': '[0-9]{1,2}[.][0-9]{1,2}[.][0-9]{2}'},
    'mdy_dash': {'strptime': '%m-%d-%Y', 'snowflake': 'MM-DD-YYYY', 'example': '01-31-2024',
      'order': 'month-first', 'twin': 'dmy_dash', 'separator': '-', 'pattern': '[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}'},
    'month_day_year_long': {'strptime': '%B %d, %Y', 'snowflake': 'MMMM DD, YYYY', 'example': 'January 31, 2024',
      'pattern': '(January|February|March|April|May|June|July|August|September|October|November|December) [0-9]{1,2}, [0-9]{4}'},
    'day_month_year_long': {'strptime': '%d %B %Y', 'snowflake': 'DD MMMM YYYY', 'example': '31 January 2024',
      'pattern': '[0-9]{1,2} (January|February|March|April|May|June|July|August|September|October|November|December) [0-9]{4}'},
    'iso_space_stamp': {'cut': ' ', 'strptime': '%Y-%m-%d', 'snowflake': 'YYYY-MM-DD', 'example': '2024-01-31 00:00 +0200',
      'pattern': '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2} [0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?( ?(Z|[A-Z]{2,4}|[-+][0-9]{2}:?[0-9]{2}))?'},
    'ymd_slash_time': {'strptime': '%Y/%m/%d', 'snowflake': 'YYYY/MM/DD', 'example': '2024/01/31 00:00',
      'pattern': '[0-9]{4}/[0-9]{1,2}/[0-9]{1,2} [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?', 'cut': ' '},
    'mdy_slash_short_time': {'strptime': '%m/%d/%y', 'snowflake': 'MM/DD/YY', 'example': '1/31/24 0:00',
      'order': 'month-first', 'twin': 'dmy_slash_short_time', 'separator': '/', 'pattern': '[0-9]{1,2}/[0-9]{1,2}/[0-9]{2}' ~ clock, 'cut': ' '},
    'dmy_slash_short_time': {'strptime': '%d/%m/%y', 'snowflake': 'DD/MM/YY', 'example': '31/1/24 0:00',
      'order': 'day-first', 'twin': 'mdy_slash_short_time', 'separator': '/', 'pattern': '[0-9]{1,2}/[0-9]{1,2}/[0-9]{2}' ~ clock, 'cut': ' '},
    'dmy_dash_time': {'strptime': '%d-%m-%Y', 'snowflake': 'DD-MM-YYYY', 'example': '31-01-2024 00:00',
      'order': 'day-first', 'twin': 'mdy_dash_time', 'separator': '-', 'pattern': '[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}' ~ clock, 'cut': ' '},
    'mdy_dash_time': {'strptime': '%m-%d-%Y', 'snowflake': 'MM-DD-YYYY', 'example': '01-31-2024 00:00',
      'order': 'month-first', 'twin': 'dmy_dash_time', 'separator': '-', 'pattern': '[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}' ~ clock, 'cut': ' '},
    'month_name': {'names': true, 'ranges': true, 'example': '10 de dez. de 2022',
      'pattern': '(' ~ weekday_pattern() ~ ')?(' ~ day_first ~ '|' ~ month_first ~ ')(,?' ~ space ~ '[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?(' ~ space ~ '?[ap][.]?m[.]?)?)?'},
    'month_name_year': {'names': true, 'span': 'month', 'example': 'September 2026',
      'pattern': month ~ '([.]?' ~ space ~ '(de |del )?|[-/])[0-9]{4}'},
    'month_name_short': {'names': true, 'span': 'month', 'under': 'month', 'example': 'Sep-26',
      'pattern': month ~ '[.]?' ~ "[- /']{1,2}" ~ '[0-9]{2}'},
    'month_compact': {'strptime': '%Y%m', 'snowflake': 'YYYYMM', 'example': '202601', 'span': 'month', 'under': 'month',
      'pattern': '20[0-9]{2}(0[1-9]|1[0-2])'},
    'month_day': {'names': true, 'yearless': true, 'example': 'Sep 30',
      'pattern': '([a-zäöüéáíóúçã]{2,12}[.]?,?' ~ space ~ ')?([0-9]{1,2}(st|nd|rd|th|er|[º.])?' ~ gap ~ '(de |of )?' ~ month ~ '[.]?|' ~ month ~ '[.]?' ~ gap ~ '[0-9]{1,2}(st|nd|rd|th)?)'},
    'month_slash': {'strptime': '%m/%Y', 'snowflake': 'MM/YYYY', 'example': '01/2024',
      'pattern': '(0?[1-9]|1[0-2])/[0-9]{4}', 'span': 'month'},
    'quarter': {'span': 'quarter', 'example': 'Q3 2026',
      'pattern': '([Qq][1-4][   /-]?[0-9]{4}|[0-9]{4}[   /-]?[Qq][1-4])'},
    'iso_week': {'span': 'week', 'pattern': '([0-9]{4}[- ]?W[0-5][0-9]|W[0-5][0-9][- /][0-9]{4})', 'example': '2026-W36'},
    'excel_serial': {'strptime': none, 'snowflake': none, 'example': '45322',
      'pattern': '(3[6-9]|4[0-9]|5[0-4])[0-9]{3}([.][0-9]+)?', 'cut': '.'},
  }) %}
{% endmacro %}
