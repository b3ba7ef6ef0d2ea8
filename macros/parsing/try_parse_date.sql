{# A text read as a date of one format, null where it is not one.
   Arguments: expression (SQL text expression of which text_matches() has found that it has the format's pattern), value_format (a key of
     date_formats()), since (text): of a yearless one, the month in which its twelve months begin, such as '2026-09'.
   Returns: a date expression (text).
   Example: {{ try_parse_date('cell_1', 'mdy_slash') }} #}
{% macro try_parse_date(expression, value_format, since=none) -%}
  {%- set form = date_formats()[value_format] -%}
  {%- if value_format == 'iso_week' -%}
    {{ week_start(expression) }}
  {%- elif value_format == 'quarter' -%}
    {%- set quarter = 'try_cast(' ~ text_part(expression, '[Qq]([1-4])') ~ ' as integer)' -%}
    {%- set month = "substr('01040710', 2 * " ~ quarter ~ ' - 1, 2)' -%}
    {{ try_date_of_form(text_part(expression, '([0-9]{4})') ~ " || '-' || " ~ month ~ " || '-01'", '%Y-%m-%d', 'YYYY-MM-DD') }}
  {%- elif form.names -%}
    {{ try_date_of_form(named_date(expression, value_format, since), '%Y-%m-%d', 'YYYY-MM-DD') }}
  {%- else -%}
    {%- set day = "split_part(" ~ expression ~ ", '" ~ form.cut ~ "', 1)" if form.cut else expression -%}
    {%- set day = ascii_digits(day) if value_format == 'ymd_native' else day -%}
    {%- set day = "translate(" ~ day ~ ", '" ~ form.signs ~ "', '" ~ '-' * (form.signs | length - 1) ~ "')" if form.signs else day -%}
    {{ try_date_of_form(day, form.strptime, form.snowflake) }}
  {%- endif -%}
{%- endmacro %}
