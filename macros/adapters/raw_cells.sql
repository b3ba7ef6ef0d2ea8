{# Read the cells of raw rows in one pass over the JSON.
   Arguments: relation: the raw_data_staging of a client. columns (list of {ordinal, column_name, value_format}): the headers to read;
     header n becomes column cell_n. load_ids (list of strings): the loads to read.
   Returns: a select statement (text) with the row's identity and one text column a header, trimmed, empty as null.
   Example: with cells as ({{ raw_cells(source(schema, 'raw_data_staging'), columns, ['9f2c1ab03c4d5e6f']) }}) #}
{% macro raw_cells(relation, columns, load_ids) %}
  {%- set filled = [] -%}
  {%- for column in columns if fills_down(column) -%}{%- do filled.append('cell_' ~ column.ordinal) -%}{%- endfor -%}
  {%- if filled %}
        select *
        from (
            select
                {{ raw_row_columns() | join(', ') }},
                row_kind
                {%- for column in columns %}
                {%- set cell = 'cell_' ~ column.ordinal %},
                {{ 'max(' ~ cell ~ ') over (partition by load_id, group_of_' ~ cell ~ ')' if cell in filled else cell }} as {{ cell }}
                {%- endfor %}
            from (
                select
                    *
                    {%- for cell in filled %},
                    count({{ cell }}) over (
                        partition by load_id order by row_number rows between unbounded preceding and current row
                    ) as group_of_{{ cell }}
                    {%- endfor %}
                from ({{ adapter.dispatch('raw_cells', 'spark9')(relation, columns, load_ids, true) }}) as all_rows
            ) as numbered
        ) as filled_down
        where row_kind = 'data'
  {%- else -%}
  {{- adapter.dispatch('raw_cells', 'spark9')(relation, columns, load_ids, false) -}}
  {%- endif -%}
{% endmacro %}

{#- A JSON pointer reaches every header, whatever characters it holds; a $.path does not. -#}
{% macro duckdb__raw_cells(relation, columns, load_ids, of_all_kinds) %}
{%- set pointers = [] -%}
{%- for column in columns -%}
  {%- do pointers.append(text_literal('/' ~ column.column_name | replace('~', '~0') | replace('/', '~1'))) -%}
{%- endfor %}
        select
            {{ raw_row_columns() | join(',\n            ') }},
            {%- for column in columns %}
            {{ trimmed_cell('cells[' ~ loop.index ~ ']') }} as cell_{{ column.ordinal }},
            {%- endfor %}
            {%- if of_all_kinds %}
            row_kind,
            {%- endif %}
        from (
            select
                {{ raw_row_columns() | join(',\n                ') }},
                {% if of_all_kinds %}row_kind, {% endif %}json_extract_string(raw_data, [{{ pointers | join(', ') }}]) as cells,
            from {{ relation }}
            where
                {% if not of_all_kinds %}row_kind = 'data'
                and {% endif %}load_id in ({% for load_id in load_ids %}{{ text_literal(load_id) }}{{ ", " if not loop.last }}{% endfor %})
        )
{% endmacro %}

{% macro snowflake__raw_cells(relation, columns, load_ids, of_all_kinds) %}
        select
            {{ raw_row_columns() | join(',\n            ') }}
            {%- for column in columns %},
            {{ trimmed_cell('raw_data[' ~ text_literal(column.column_name) ~ ']::varchar') }} as cell_{{ column.ordinal }}
            {%- endfor %}
            {%- if of_all_kinds %},
            row_kind
            {%- endif %}
        from {{ relation }}
        where
            {% if not of_all_kinds %}row_kind = 'data'
            and {% endif %}load_id in ({% for load_id in load_ids %}{{ text_literal(load_id) }}{{ ", " if not loop.last }}{% endfor %})
{% endmacro %}
