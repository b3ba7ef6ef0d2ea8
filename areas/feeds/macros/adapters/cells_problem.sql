{#
  Purpose: what is wrong with the form of a CSV row of a feed.
  Arguments: cells (SQL expression, from parsed_feed_rows), count (integer: the cells of its header).
  Returns: a text expression (text); null where nothing is.
  Example: {{ cells_problem('cells', 5) }} as shape_problem
#}
{% macro cells_problem(cells, count) %}{{ adapter.dispatch('cells_problem', 'spark9')(cells, count) }}{% endmacro %}

{% macro default__cells_problem(cells, count) %}{{ unsupported_adapter('cells_problem') }}{% endmacro %}

{% macro duckdb__cells_problem(cells, count) -%}
  case
    when len(list_filter({{ cells }}[{{ count + 1 }}:], lambda cell: cell is not null)) > 0 then 'has more cells than the header'
    when contains(cast({{ cells }} as varchar), chr(65533)) then 'is not UTF-8'
  end
{%- endmacro %}

{% macro snowflake__cells_problem(cells, count) -%}
  case
    when array_size(array_compact(array_slice({{ cells }}, {{ count }}, array_size({{ cells }})))) > 0 then 'has more cells than the header'
    when contains(to_json({{ cells }}), '\ufffd') then 'is not UTF-8'
  end
{%- endmacro %}
