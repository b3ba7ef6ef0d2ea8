{# The select that turns the raw rows of one group of loads into typed rows.
   Arguments: staging (relation, or name), group (one of pending_loads()), promoted (list of promoted_columns()).
   Returns: a select statement (text): identity, core columns, promoted columns, additional_metrics, row_identity (what tells the rows of a
     file apart), row_key and id_key, is_complete, is_consistent and the list cell_issues, null for none.
   Example: flattened_1 as ({{ flattened_loads(staging, group, promoted) }}) #}
{% macro flattened_loads(staging, group, promoted) %}
{%- set identity = raw_row_columns() -%}
{%- set in_file = group.columns | rejectattr('ordinal', 'none') | rejectattr('mapping_rule', 'equalto', 'ignore') | list -%}
{%- set typed = [] -%}
{%- set additional = [] -%}
{%- set key_parts = [] -%}
{%- set clocks = [] -%}
{%- set judged = [] -%}
{%- set cell_issues = [] -%}
{%- set invalid = [] -%}
{%- set required = [] -%}
{%- for column in core_columns() if column.in_key -%}
  {%- do key_parts.append("coalesce(cast(" ~ column.name ~ " as varchar), '')") -%}
{%- endfor -%}
{%- for column in in_file -%}
  {%- set cell = 'cell_' ~ column.ordinal -%}
  {%- set value = 'value_' ~ column.ordinal -%}
  {%- if column.column_type == 'text' -%}
    {%- do typed.append([parse_cell(cell, 'text', column.value_format), value]) -%}
  {%- elif column.column_type == 'id' -%}
    {%- do typed.append([parse_cell(cell, 'id', column.value_format), value]) -%}
    {%- set issue = 'issue_' ~ column.ordinal -%}
    {%- do judged.append([damaged_id_issue(column.target_column, cell), issue]) -%}
    {%- do cell_issues.append(issue) -%}
    {%- do invalid.append(issue) -%}
  {%- else -%}
    {%- set issue = 'issue_' ~ column.ordinal -%}
    {%- set bound = column.target_column ~ ': only a bound' -%}
    {%- do typed.append([parse_cell(cell, column.column_type, column.value_format), value]) -%}
    {#- an hour is part of what tells rows apart, though not of the day -#}
    {%- if column.column_type == 'date' and has_clock(column.value_format) -%}
      {%- do typed.append([cell, 'clock_' ~ column.ordinal]) -%}
      {%- do clocks.append('clock_' ~ column.ordinal) -%}
      {%- do key_parts.append("coalesce(clock_" ~ column.ordinal ~ ", '')") -%}
    {%- endif -%}
    {%- if names_a_period(column) -%}
      {%- do typed.append([period_end(cell, column.value_format), 'end_' ~ column.ordinal]) -%}
    {%- endif -%}
    {%- if names_a_currency(column) -%}
      {%- do typed.append([currency_of_amount(cell), 'currency_' ~ column.ordinal]) -%}
    {%- endif -%}
    {%- do judged.append([unread_cell_issue(column, cell, value, bound), issue]) -%}
    {%- do cell_issues.append(issue) -%}
    {#- a bound is an issue of the row and no mistake in it -#}
    {%- do invalid.append("nullif(left(" ~ issue ~ ", " ~ bound | length ~ "), " ~ text_literal(bound) ~ ")") -%}
  {%- endif -%}
  {#- a promoted column stays readable where it was -#}
  {%- if column.mapping_rule in ('additional', 'promote') and column.target_column not in core_columns() | map(attribute='name') -%}
    {%- do additional.append([column.target_column, 'cast(' ~ value ~ ' as varchar)' if column.column_type == 'date' else value]) -%}
    {%- if column.is_key -%}
      {%- do key_parts.append("coalesce(cast(" ~ value ~ " as varchar), '')") -%}
    {%- endif -%}
  {%- endif -%}
{%- endfor -%}
{%- for column in group.columns if column.mapping_rule == 'missing' and column.default_value is not none -%}
  {%- if column.target_column not in core_columns() | map(attribute='name') -%}
    {%- do additional.append([column.target_column, target_expression(column.target_column, column.column_type, [column])]) -%}
  {%- endif -%}
{%- endfor -%}
{%- for column in group.columns if column.is_required and column.mapping_rule in ('core', 'promote', 'missing', 'constant') -%}
  {#- a campaign, ad set or ad is named by its name or its id -#}
  {%- set name = column.target_column[:-3] ~ '_name' if column.target_column in ('campaign_id', 'ad_set_id', 'ad_id') else column.target_column -%}
  {%- if name not in required -%}{%- do required.append(name) -%}{%- endif -%}
{%- endfor -%}
{%- set known = core_columns() | map(attribute='name') | list + promoted | map(attribute='name') | list -%}
{%- set required = required | select('in', known) | list -%}
{%- set overlap = overlap_keys(group.columns) -%}
{%- set missing_issues = [] -%}
{%- set present = [] -%}
{%- for name in required -%}
  {%- set value = 'coalesce(' ~ name ~ ', ' ~ name[:-5] ~ '_id)' if name in ('campaign_name', 'ad_set_name', 'ad_name') else name -%}
  {#- a fee or a credit was never delivered -#}
  {%- set value = 'coalesce(impressions, case when amount_spent <> 0 and coalesce(clicks, 0) = 0 then 0 end)' if name == 'impressions' else value -%}
  {%- do present.append(value ~ ' is not null') -%}
  {%- do missing_issues.append("case when " ~ value ~ " is null then '" ~ name ~ ": required, but empty' end") -%}
{%- endfor %}
    select
        *,
        concat_ws('|', {{ key_parts | join(', ') }}) as row_identity,
        {{ overlap.row_key }} as row_key,
        {{ overlap.id_key }} as id_key,
        {{ present | join(' and ') or 'true' }} as is_complete,
        {#- most rows have none: a list a row takes as long as reading its cells -#}
        case
            when coalesce({{ (cell_issues + missing_issues + consistency_issues()) | join(', ') }}) is not null
                then {{ text_list(cell_issues + missing_issues + consistency_issues()) }}
        end as cell_issues,
        {{ (invalid | length > 0) and ('coalesce(' ~ invalid | join(', ') ~ ', null) is null') or 'true' }} as is_valid,
        coalesce({{ consistency_issues() | join(', ') }}) is null as is_consistent
    from (
        select
            {%- for name in identity %}
            {{ name }},
            {%- endfor %}
            {%- for column in in_file %}
            value_{{ column.ordinal }},
            {%- endfor %}
            {%- for name in clocks + cell_issues %}
            {{ name }},
            {%- endfor %}
            {%- for column in core_columns() %}
            {{ target_expression(column.name, column.type, group.columns) }} as {{ column.name }},
            {%- endfor %}
            {%- for column in promoted %}
            {{ target_expression(column.name, column.type, group.columns | selectattr('mapping_rule', 'in', ['promote', 'missing']) | list) }} as {{ column.name }},
            {%- endfor %}
            {{ given_rate('ctr', in_file) }} as given_ctr,
            {{ given_rate('cpc', in_file) }} as given_cpc,
            {{ json_object(additional) }} as additional_metrics
        from (
            select
                *
                {%- for expression, alias in judged %},
                {{ expression }} as {{ alias }}
                {%- endfor %}
            from (
                select
                    *,
                    {%- for expression, alias in typed %}
                    {{ expression }} as {{ alias }}{{ "," if not loop.last }}
                    {%- endfor %}
                from ({{ raw_cells(staging, in_file, group.load_ids) }}) as cells
            ) as parsed
        ) as judged
    ) as shaped
{% endmacro %}
