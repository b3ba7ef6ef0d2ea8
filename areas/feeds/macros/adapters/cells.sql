{# What is wrong with the form of a CSV row of a feed, null where nothing is: its `cells`, and the `count` of those of its header. #}
{% macro cells_problem(cells, count) %}{{ adapter.dispatch('cells_problem', 'spark9')(cells, count) }}{% endmacro %}
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

{# The field at `position` (from 0) of the `known` ones of a JSON row of a feed, as text; null where the row has no such field.
   `cells` is of parsed_feed_rows(). #}
{% macro field_cell(cells, known, position) %}{{ adapter.dispatch('field_cell', 'spark9')(cells, known, position) }}{% endmacro %}
{% macro duckdb__field_cell(cells, known, position) %}{{ cells }}[{{ position + 1 }}]{% endmacro %}
{% macro snowflake__field_cell(cells, known, position) %}{{ cells }}[{{ text_literal(known[position]) }}]::varchar{% endmacro %}

{# A select of the names (field_name, each once) in the JSON objects of `column` in `relation` (a table, or a select in brackets). #}
{% macro json_keys_sql(relation, column) %}{{ adapter.dispatch('json_keys_sql', 'spark9')(relation, column) }}{% endmacro %}
{% macro duckdb__json_keys_sql(relation, column) %}select distinct unnest(json_keys({{ column }})) as field_name from {{ relation }} as objects{% endmacro %}
{% macro snowflake__json_keys_sql(relation, column) %}select distinct keys.value::varchar as field_name from {{ relation }} as objects, lateral flatten(input => object_keys(as_object(objects.{{ column }}))) as keys{% endmacro %}

{# What is wrong with the form of a JSON row of a feed, null where nothing is; `cells` and `content` are of parsed_feed_rows(). #}
{% macro json_problem(cells, content) %}{{ adapter.dispatch('json_problem', 'spark9')(cells, content) }}{% endmacro %}
{#- U+FFFD stands where the bytes are no UTF-8 -#}
{% macro duckdb__json_problem(cells, content) -%}
  case
    when {{ cells }} is null or not (starts_with({{ content }}, '{') or starts_with(ltrim({{ content }}, e' \t\r\n'), '{')) then 'is no JSON object'
    when contains({{ content }}, chr(65533)) then 'is not UTF-8'
  end
{%- endmacro %}
{% macro snowflake__json_problem(cells, content) -%}
  case
    when {{ cells }} is null or not is_object({{ cells }}) then 'is no JSON object'
    when contains({{ content }}, '\ufffd') then 'is not UTF-8'
  end
{%- endmacro %}

{# The list of [table, column] in which the files of a `feed` (see raw_feed_columns) land on their way to the raw table; empty where
   files are read in place. #}
{% macro landed_columns(feed) %}{% do return(adapter.dispatch('landed_columns', 'spark9')(feed)) %}{% endmacro %}
{% macro duckdb__landed_columns(feed) %}{% do return([]) %}{% endmacro %}
{% macro snowflake__landed_columns(feed) %}{% do return([['landed_' ~ feed.table, 'content']]) %}{% endmacro %}

{# The cell at `position` (from 0) of a CSV row of a feed, as text; `cells` is of parsed_feed_rows(). #}
{% macro list_cell(cells, position) %}{{ adapter.dispatch('list_cell', 'spark9')(cells, position) }}{% endmacro %}
{% macro duckdb__list_cell(cells, position) %}{{ cells }}[{{ position + 1 }}]{% endmacro %}
{% macro snowflake__list_cell(cells, position) %}{{ cells }}[{{ position }}]::varchar{% endmacro %}

{# The fields of a JSON row beside the `known` ones (list of strings), of type_json(); null where there is none. `cells` and `content`
   are of parsed_feed_rows(). #}
{% macro other_json_fields(cells, content, known) %}{{ adapter.dispatch('other_json_fields', 'spark9')(cells, content, known) }}{% endmacro %}
{#- counting keys is cheaper than comparing them; where a declared field is null, the patch finds nothing over -#}
{% macro duckdb__other_json_fields(cells, content, known) -%}
  case
    when {{ cells }} is not null then case
      when len(json_keys({{ content }})) > {% for name in known %}cast({{ cells }}[{{ loop.index }}] is not null as integer){{ " + " if not loop.last }}{% endfor %}
        then nullif(json_merge_patch({{ content }}, '{ {%- for name in known %}"{{ name }}":null{{ "," if not loop.last }}{% endfor -%} }'), '{}')
    end
  end
{%- endmacro %}
{% macro snowflake__other_json_fields(cells, content, known) -%}
  case
    when array_size(object_keys(object_delete(as_object({{ cells }}), {% for name in known %}'{{ name }}'{{ ", " if not loop.last }}{% endfor %}))) > 0
      then cast(object_delete(as_object({{ cells }}), {% for name in known %}'{{ name }}'{{ ", " if not loop.last }}{% endfor %}) as variant)
  end
{%- endmacro %}

{# The text `expression`, a time of a feed, in UTC: ISO 8601 with its offset or Z, ISO without one (which is UTC), or seconds or
   milliseconds since 1970. Anything else, a day alone too, is null. #}
{% macro parse_event_time(expression) %}{{ adapter.dispatch('parse_event_time', 'spark9')(expression) }}{% endmacro %}
{% macro duckdb__parse_event_time(expression) -%}
  {#- what has all the digits of a common form needs no pattern to be known, which is five times the work (docs/decisions/0028) -#}
  coalesce(
  case
    when strlen({{ expression }}) = 24 and {{ expression }} >= '0' and {{ expression }} < ':'
      then try_strptime({{ expression }}, '%Y-%m-%dT%H:%M:%S.%gZ')
  end,
  case
    when regexp_full_match({{ expression }}, '\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.]\d{1,9})?)?(Z|[+-]\d\d:?\d\d)')
      then make_timestamp(epoch_us(try_cast({{ expression }} as timestamptz)))
    when regexp_full_match({{ expression }}, '\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.]\d{1,9})?)?')
      then try_cast({{ expression }} as timestamp)
    when regexp_full_match({{ expression }}, '\d{13}') then make_timestamp(cast({{ expression }} as bigint) * 1000)
    when regexp_full_match({{ expression }}, '\d{10}') then make_timestamp(cast({{ expression }} as bigint) * 1000000)
  end
  )
{%- endmacro %}
{#- 'Z' and '+0200' are written as '+00:00' and '+02:00', which Snowflake's automatic forms have -#}
{% macro snowflake__parse_event_time(expression) -%}
  case
    when regexp_like({{ expression }}, '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})')
      then cast(convert_timezone('UTC', try_to_timestamp_tz(regexp_replace(regexp_replace({{ expression }}, 'Z$', '+00:00'), '([+-][0-9]{2})([0-9]{2})$', '\\1:\\2'))) as timestamp_ntz(6))
    when regexp_like({{ expression }}, '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?')
      then cast(try_to_timestamp_ntz({{ expression }}) as timestamp_ntz(6))
    when regexp_like({{ expression }}, '[0-9]{13}') then cast(to_timestamp_ntz(cast({{ expression }} as bigint), 3) as timestamp_ntz(6))
    when regexp_like({{ expression }}, '[0-9]{10}') then cast(to_timestamp_ntz(cast({{ expression }} as bigint), 0) as timestamp_ntz(6))
  end
{%- endmacro %}
