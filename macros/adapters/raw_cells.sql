{# Read the cells of raw rows in one pass over the JSON.
   Arguments: relation: the raw_data_staging of a client. columns (list of {ordinal, column_name, value_format}): the headers to read;
     each becomes a column part_of(column, 'cell'). load_ids (list of strings): the loads to read.
   Returns: a select statement (text) with the row's identity and one text column a header, trimmed, empty as null.
   Example: with cells as ({{ raw_cells(source(schema, 'raw_data_staging'), columns, ['9f2c1ab03c4d5e6f']) }}) #}
{% macro raw_cells(relation, columns, load_ids) %}
  {%- set filled = [] -%}
  {%- for column in columns if fills_down(column) -%}{%- do filled.append(part_of(column, 'cell')) -%}{%- endfor -%}
  {%- if filled %}
    select *
    from (
        select
            {{ raw_row_columns() | join(',\n            ') }},
            row_kind
            {%- for column in columns %},
            {%- set cell = part_of(column, 'cell') %}
            {{ 'max(' ~ cell ~ ') over (partition by load_id, ' ~ cell ~ '_group) as ' if cell in filled }}{{ cell }}
            {%- endfor %}
        from (
            select
                *
                {%- for cell in filled %},
                count({{ cell }}) over (
                    partition by load_id order by row_number rows between unbounded preceding and current row
                ) as {{ cell }}_group
                {%- endfor %}
            from ({{ adapter.dispatch('raw_cells', 'spark9')(relation, columns, load_ids, true) | indent(12) }}
            ) as all_rows
        ) as numbered
    ) as filled_down
    where row_kind = 'data'
  {%- else -%}
  {{- adapter.dispatch('raw_cells', 'spark9')(relation, columns, load_ids, false) -}}
  {%- endif -%}
{% endmacro %}

{#- A JSON pointer reaches every header, whatever characters it holds; a $.path does not. -#}
{% macro duckdb__raw_cells(relation, columns, load_ids, of_all_kinds) %}
    select
        {{ raw_row_columns() | join(',\n        ') }}
        {%- for column in columns %},
        cells[{{ loop.index }}] as {{ part_of(column, 'cell') }}
        {%- endfor %}
        {%- if of_all_kinds %},
        row_kind
        {%- endif %}
    from (
        select
            *,
            list_transform(
                json_extract_string(raw_data, [
                    {%- for column in columns %}
                    {{ literal_in_lines('/' ~ column.column_name | replace('~', '~0') | replace('/', '~1'), 24) }}{{ ',' if not loop.last }}
                    {%- endfor %}
                ]),
                lambda cell:
                {{ folded(trimmed_cell('cell'), 16) }}
            ) as cells
        from {{ relation }}
        where {{ folded(load_condition(load_ids, of_all_kinds), 24) }}
    )
{%- endmacro %}

{% macro snowflake__raw_cells(relation, columns, load_ids, of_all_kinds) %}
    select
        {{ raw_row_columns() | join(',\n        ') }}
        {%- for column in columns %},
        {{ trimmed_cell('raw_data[' ~ text_literal(column.column_name) ~ ']::varchar') }} as {{ part_of(column, 'cell') }}
        {%- endfor %}
        {%- if of_all_kinds %},
        row_kind
        {%- endif %}
    from {{ relation }}
    where {{ folded(load_condition(load_ids, of_all_kinds), 24) }}
{%- endmacro %}

{#- The rows of the loads with these `load_ids` (list of strings): those of data, or `of_all_kinds`. -#}
{% macro load_condition(load_ids, of_all_kinds) -%}
  {%- set loads = [] -%}
  {%- for load_id in load_ids -%}{%- do loads.append(text_literal(load_id)) -%}{%- endfor -%}
  {{ "row_kind = 'data' and " if not of_all_kinds }}load_id in ({{ loads | join(', ') }})
{%- endmacro %}
