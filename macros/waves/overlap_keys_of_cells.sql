{# The overlap keys, the spend and the impressions of a load's rows, without flattening the rest of them; the loader finds restated and overlapping rows
   with it before anything is built.
   Arguments: cells (SQL text: a select of load_id and the cells, as raw_cells() has them), columns (list of the mapping rows that keys and spend are made of, constants
     too).
   Returns: a select statement (text): overlap_key_columns(), row_count, amount_spent, impressions (null where no row has any).
   Example: {{ overlap_keys_of_cells(raw_cells(staging, columns, ['9f2c1ab03c4d5e6f']), columns) }} #}
{% macro overlap_keys_of_cells(cells, columns) %}
{%- set keys = overlap_keys(columns) %}
{%- set in_file = columns | rejectattr('ordinal', 'none') | list %}
select
    {{ overlap_key_columns() | join(',\n    ') }},
    count(*) as row_count,
    coalesce(sum(amount_spent), 0) as amount_spent,
    sum(impressions) as impressions
from (
    select
        *,
        {{ keys.row_key }} as row_key,
        {{ keys.id_key }} as id_key
    from (
        select
            *,
            {%- for column in core_columns() if column.in_key or column.name in ('level', 'breakdowns', 'amount_spent', 'impressions') %}
            {{ target_expression(column.name, column.type, columns) }} as {{ column.name }},
            {%- endfor %}
            {%- for name, targets in account_columns().items() %}
            {%- set found = [] %}
            {%- for column in in_file if column.target_column in targets and column.mapping_rule != 'ignore' %}{% do found.append(value_text(value_of(column), column.column_type)) %}{% endfor %}
            {{ account_label(name, found | first) if found else 'cast(null as varchar)' }} as {{ name }}{{ "," if not loop.last }}
            {%- endfor %}
        from (
            select
                *
                {%- for column in in_file %}
                {%- set cell = part_of(column, 'cell') %}
                {%- if value_of(column) != cell %},
                {{ parse_cell(cell, column.column_type, column.value_format) }} as {{ value_of(column) }}
                {%- endif %}
                {%- if names_a_currency(column) %},
                {{ currency_of_amount(cell) }} as {{ part_of(column, 'currency') }}
                {%- endif %}
                {%- if names_a_period(column) %},
                {{ period_end(cell, column.value_format) }} as {{ part_of(column, 'end') }}
                {%- endif %}
                {%- endfor %}
            from ({{ cells }}) as cells
        ) as parsed
    ) as shaped
) as keyed
where date_start is not null
group by {{ overlap_key_columns() | join(', ') }}
{% endmacro %}
