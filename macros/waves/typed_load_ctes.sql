{# The steps that turn the raw rows of one group of loads into typed rows: the cells as they stand, the digits of numbers with marks, the
   values, the columns that these fill, and what is to be said of the row.
   Arguments: staging (relation, or name), group (one of pending_loads()), promoted (list of promoted_columns()), suffix (string): what the
     names of the steps end in.
   Returns: CTEs (text), the last of them typed, with the columns of typed_rows_sql().
   Example: with {{ typed_load_ctes(staging, group, [], '_1') }} select * from typed_1 #}
{% macro typed_load_ctes(staging, group, promoted, suffix) %}
{%- set in_file = group.columns | rejectattr('ordinal', 'none') | rejectattr('mapping_rule', 'equalto', 'ignore') | list -%}
{%- set core = core_columns() | map(attribute='name') | list -%}
{%- set digits = [] -%}
{%- set numbers = [] -%}
{%- set values = [] -%}
{%- set issues = [] -%}
{%- set invalid = [] -%}
{%- set additional = [] -%}
{%- set key_parts = [] -%}
{%- for column in core_columns() | selectattr('in_key') -%}
  {%- do key_parts.append("coalesce(" ~ value_text(column.name, column.type) ~ ", '')") -%}
{%- endfor -%}
{%- for column in in_file -%}
  {%- set cell = part_of(column, 'cell') -%}
  {%- set value = value_of(column) -%}
  {%- set issue = part_of(column, 'issue') -%}
  {%- set read = parse_steps(column) -%}
  {%- if read.digits -%}
    {%- do digits.append([read.digits, part_of(column, 'digits')]) -%}
    {%- do numbers.append([read.number, part_of(column, 'number')]) -%}
  {%- endif -%}
  {%- if value != cell -%}{%- do values.append([read.value, value]) -%}{%- endif -%}
  {#- an hour is part of what tells rows apart, though not of the day -#}
  {%- if column.column_type == 'date' and has_clock(column.value_format) -%}
    {%- do key_parts.append("coalesce(" ~ cell ~ ", '')") -%}
  {%- endif -%}
  {%- if names_a_period(column) -%}
    {%- do values.append([period_end(cell, column.value_format), part_of(column, 'end')]) -%}
  {%- endif -%}
  {%- if names_a_currency(column) -%}
    {%- do values.append([currency_of_amount(cell), part_of(column, 'currency')]) -%}
  {%- endif -%}
  {%- if column.column_type == 'id' -%}
    {%- do issues.append([damaged_id_issue(column.target_column, cell), issue]) -%}
    {%- do invalid.append(issue) -%}
  {%- elif column.column_type != 'text' -%}
    {%- set bound = column.target_column ~ ': only a bound' -%}
    {%- do issues.append([unread_cell_issue(column, cell, value, bound), issue]) -%}
    {#- a bound is an issue of the row and no mistake in it -#}
    {%- do invalid.append("nullif(left(" ~ issue ~ ", " ~ bound | length ~ "), " ~ text_literal(bound) ~ ")") -%}
  {%- endif -%}
  {#- a promoted column stays readable where it was -#}
  {%- if column.mapping_rule in ('additional', 'promote', 'use_default_value') and column.target_column not in core -%}
    {%- set filled = value if column.default_value is none else target_expression(column.target_column, column.column_type, [column]) -%}
    {%- do additional.append([column.target_column, date_text(filled) if column.column_type == 'date' else filled]) -%}
    {%- if column.is_key -%}
      {%- do key_parts.append("coalesce(" ~ value_text(value, column.column_type) ~ ", '')") -%}
    {%- endif -%}
  {%- endif -%}
{%- endfor -%}
{%- for column in group.columns if column.mapping_rule == 'missing' and column.default_value is not none -%}
  {%- if column.target_column not in core -%}
    {%- do additional.append([column.target_column, target_expression(column.target_column, column.column_type, [column])]) -%}
  {%- endif -%}
{%- endfor -%}
{%- set wanted = required_values(group.columns, core + promoted | map(attribute='name') | list) -%}
{%- set contradictions = consistency_issues() | map(attribute='name') | list -%}
{%- set all_issues = issues | map(attribute=1) | list + wanted | map(attribute='name') | list + contradictions -%}
{%- set compared = {'campaign': 'campaign_id__compared', 'ad_set': 'ad_set_id__compared', 'ad': 'ad_id__compared'} -%}
{%- set overlap = overlap_keys(group.columns, compared) %}
-- the text of each cell, as it stands in the file
cells{{ suffix }} as (
{{ raw_cells(staging, in_file, group.load_ids) }}

),
{%- if digits %}

-- numbers without what stands around and in them
digits{{ suffix }} as (

    select
        *
        {%- for expression, name in digits %},
        {{ folded(expression, 8, name) }}
        {%- endfor %}
    from cells{{ suffix }}

),

numbers{{ suffix }} as (

    select
        *
        {%- for expression, name in numbers %},
        {{ folded(expression, 8, name) }}
        {%- endfor %}
    from digits{{ suffix }}

),
{%- endif %}

-- each cell by its type and format
parsed{{ suffix }} as (

    select
        *
        {%- for expression, name in values %},
        {{ folded(expression, 8, name) }}
        {%- endfor %}
    from {{ 'numbers' if digits else 'cells' }}{{ suffix }}

),

-- the columns that the cells fill
mapped{{ suffix }} as (

    select
        *,
        {%- for column in core_columns() %}
        {{ folded(target_expression(column.name, column.type, group.columns) , 8, column.name) }},
        {%- endfor %}
        {%- for column in promoted %}
        {%- set mapped = group.columns | selectattr('mapping_rule', 'in', ['promote', 'missing']) | list %}
        {{ folded(target_expression(column.name, column.type, mapped) , 8, column.name) }},
        {%- endfor %}
        {{ given_rate('ctr', in_file) | trim }} as given_ctr,
        {{ given_rate('cpc', in_file) | trim }} as given_cpc,
        {{ folded(json_object(additional), 8, 'additional_metrics') }}
    from parsed{{ suffix }}

),

-- what could not be read, what is missing, what contradicts itself
checked{{ suffix }} as (

    select
        *,
        {%- for expression, name in issues %}
        {{ folded(expression, 8, name) }},
        {%- endfor %}
        {%- for value in wanted + consistency_issues() %}
        {{ folded(value.issue, 8, value.name) }},
        {%- endfor %}
        {%- for level, name in compared.items() %}
        {{ folded(compared_id(level ~ '_id'), 8, name) }}{{ ',' if not loop.last }}
        {%- endfor %}
    from mapped{{ suffix }}

),

{{ 'typed' ~ suffix if suffix else 'final' }} as (

    select
        {%- for name in raw_row_columns() + core + promoted | map(attribute='name') | list %}
        {{ name }},
        {%- endfor %}
        additional_metrics,
        {{ folded("concat_ws('|', " ~ key_parts | join(', ') ~ ')', 8, 'row_identity') }},
        {{ folded(overlap.row_key, 8, 'row_key') }},
        {{ folded(overlap.id_key, 8, 'id_key') }},
        {{ folded('coalesce(' ~ (wanted | map(attribute='name') | list + ['null']) | join(', ') ~ ') is null', 8, 'is_complete') }},
        {{ folded('coalesce(' ~ (invalid + ['null']) | join(', ') ~ ') is null', 8, 'is_valid') }},
        {{ folded('coalesce(' ~ contradictions | join(', ') ~ ') is null', 8, 'is_consistent') }},
        -- most rows have none: a list a row takes as long as reading its cells
        case
            when {{ folded('coalesce(' ~ all_issues | join(', ') ~ ') is not null', 12) }}
                then {{ folded(text_list(all_issues), 16) }}
        end as cell_issues
    from checked{{ suffix }}

){{ ',' if suffix }}
{% endmacro %}
