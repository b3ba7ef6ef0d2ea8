{# The rows of one file taken apart: cells is what list_cell() or field_cell() takes a field from. Empty lines are left out.
   Arguments: feed (mapping, see raw_feed_columns), source (text: a select, see feed_cells), known (list of strings: the fields), is_checked
     (bool: the cells of what is no JSON are null; without it, lines without the braces of an object are left out on DuckDB, and one that
     has them and is no JSON fails the statement).
   Returns: a select statement (text): content (text, for a row that is rejected), line_number, cells.
   Example: select * from ({{ parsed_feed_rows(feed, source, known) }}) #}
{% macro parsed_feed_rows(feed, source, known, is_checked=true) %}{{ adapter.dispatch('parsed_feed_rows', 'spark9')(feed, source, known, is_checked) }}{% endmacro %}

{#- try() around a function would read row by row each batch of rows that has one bad line (docs/decisions/0028) -#}
{% macro duckdb__parsed_feed_rows(feed, source, known, is_checked) -%}
  {%- if feed.format == 'csv' -%}
  select content as cells, cast(to_json(list_filter(content, lambda cell: cell is not null)) as varchar) as content, line_number from ({{ source }}) as file_rows
  {%- else -%}
  select
    content,
    line_number,
    json_extract_string({{ "case when json_valid(content) then content end" if is_checked else "content" }}, [{% for name in known %}'/{{ name }}'{{ ", " if not loop.last }}{% endfor %}]) as cells
  from ({{ source }}) as file_rows
  {%- set space = "e' \\t\\r\\n'" %}
  where
    {%- if is_checked %}
    trim(content) <> ''
    {%- else %}
    (starts_with(content, '{') or starts_with(ltrim(content, {{ space }}), '{'))
    and (ends_with(content, '}') or ends_with(rtrim(content, {{ space }}), '}'))
    {%- endif %}
  {%- endif -%}
{%- endmacro %}

{% macro snowflake__parsed_feed_rows(feed, source, known, is_checked) -%}
  {%- if feed.format == 'csv' -%}
  select content as cells, to_json(array_compact(content)) as content, line_number from ({{ source }}) as file_rows
  {%- else -%}
  select content, line_number, try_parse_json(content) as cells
  from ({{ source }}) as file_rows
  where trim(content) <> ''
  {%- endif -%}
{%- endmacro %}
