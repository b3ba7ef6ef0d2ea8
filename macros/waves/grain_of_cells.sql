{#
  Purpose: what the rows of a load speak of and what they spent, without flattening the rest of them; the loader tells
    restated rows with it before anything is built.
  Arguments: cells (SQL text: a select of load_id and cell_n), columns (list of the mapping rows that keys and spend are
    made of).
  Returns: a select statement (text): load_id, row_key, id_key, campaign, date_start, row_count, amount_spent.
  Example: {{ grain_of_cells(raw_cells(staging, columns, ['9f2c1ab03c4d5e6f']), columns) }}
#}
{% macro grain_of_cells(cells, columns) %}
{%- set keys = grain_keys(columns) %}
select
    load_id,
    row_key,
    id_key,
    campaign,
    date_start,
    count(*) as row_count,
    coalesce(sum(amount_spent), 0) as amount_spent
from (
    select
        load_id,
        {{ keys.row_key }} as row_key,
        {{ keys.id_key }} as id_key,
        coalesce(campaign_name, campaign_id) as campaign,
        date_start,
        amount_spent
    from (
        select
            *,
            {%- for column in core_columns() if column.in_key or column.name == 'amount_spent' %}
            {{ target_expression(column.name, column.type, columns) }} as {{ column.name }}{{ "," if not loop.last }}
            {%- endfor %}
        from (
            select
                *,
                {%- for column in columns %}
                {{ parse_cell('cell_' ~ column.ordinal, column.column_type, column.value_format) }} as value_{{ column.ordinal }}{{ "," if not loop.last or names_a_period(column) }}
                {%- if names_a_period(column) %}
                {{ period_end('cell_' ~ column.ordinal, column.value_format) }} as end_{{ column.ordinal }}{{ "," if not loop.last }}
                {%- endif %}
                {%- endfor %}
            from ({{ cells }}) as cells
        ) as parsed
    ) as shaped
) as keyed
where row_key is not null
group by load_id, row_key, id_key, campaign, date_start
{% endmacro %}
