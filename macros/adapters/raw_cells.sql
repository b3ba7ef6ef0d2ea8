{#
  Purpose: read the cells of raw rows in one pass over the JSON.
  Arguments:
    relation: the raw_data_staging of a client.
    columns (list of {ordinal, column_name}): the headers to read; header n becomes column cell_n.
    load_ids (list of strings): the loads to read.
  Returns: a select statement (text) with the row's identity and one text column a header, trimmed, empty as null.
  Example: with cells as ({{ raw_cells(source(schema, 'raw_data_staging'), columns, ['9f2c1ab03c4d5e6f']) }})
#}
{% macro raw_cells(relation, columns, load_ids) %}
  {{- adapter.dispatch('raw_cells', 'spark9')(relation, columns, load_ids) -}}
{% endmacro %}

{% macro default__raw_cells(relation, columns, load_ids) %}{{ unsupported_adapter('raw_cells') }}{% endmacro %}

{#- A JSON pointer reaches every header, whatever characters it holds; a $.path does not. -#}
{% macro duckdb__raw_cells(relation, columns, load_ids) %}
{%- set pointers = [] -%}
{%- for column in columns -%}
  {%- do pointers.append(text_literal('/' ~ column.column_name | replace('~', '~0') | replace('/', '~1'))) -%}
{%- endfor %}
        select
            {{ raw_row_columns() | join(',\n            ') }},
            {%- for column in columns %}
            {{ trimmed_cell('cells[' ~ loop.index ~ ']') }} as cell_{{ column.ordinal }},
            {%- endfor %}
        from (
            select
                {{ raw_row_columns() | join(',\n                ') }},
                json_extract_string(raw_data, [{{ pointers | join(', ') }}]) as cells,
            from {{ relation }}
            where
                row_kind = 'data'
                and load_id in ({% for load_id in load_ids %}{{ text_literal(load_id) }}{{ ", " if not loop.last }}{% endfor %})
        )
{% endmacro %}

{% macro snowflake__raw_cells(relation, columns, load_ids) %}
        select
            {{ raw_row_columns() | join(',\n            ') }}
            {%- for column in columns %},
            {{ trimmed_cell('raw_data[' ~ text_literal(column.column_name) ~ ']::varchar') }} as cell_{{ column.ordinal }}
            {%- endfor %}
        from {{ relation }}
        where
            row_kind = 'data'
            and load_id in ({% for load_id in load_ids %}{{ text_literal(load_id) }}{{ ", " if not loop.last }}{% endfor %})
{% endmacro %}
