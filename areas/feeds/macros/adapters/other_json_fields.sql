{#
  Purpose: the fields of a JSON row that its feed does not declare.
  Arguments: cells, content (SQL expressions, from parsed_feed_rows), known (list of strings: the fields).
  Returns: an expression (text) of type_json(); null where there is none.
  Example: {{ other_json_fields('cells', 'content', ['event_id']) }} as other_fields
#}
{% macro other_json_fields(cells, content, known) %}{{ adapter.dispatch('other_json_fields', 'spark9')(cells, content, known) }}{% endmacro %}

{% macro default__other_json_fields(cells, content, known) %}{{ unsupported_adapter('other_json_fields') }}{% endmacro %}

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
