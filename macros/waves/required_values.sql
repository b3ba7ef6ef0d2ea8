{# The values that a row must have to be complete.
   Arguments: columns (list of mapping rows of one load), known (list of strings): the columns that a row can have.
   Returns: list of {name, issue (SQL text expression over the columns of a row, null where the value is there)}.
   Example: {% for value in required_values(group.columns, ['date_start']) %}{{ value.issue }} as {{ value.name }},{% endfor %} #}
{% macro required_values(columns, known) %}
  {%- set names = [] -%}
  {%- for column in columns if column.is_required and column.mapping_rule in ('core', 'promote', 'missing', 'constant') -%}
    {#- a campaign, ad set or ad is named by its name or its id -#}
    {%- set name = column.target_column[:-3] ~ '_name' if column.target_column in ('campaign_id', 'ad_set_id', 'ad_id') else column.target_column -%}
    {%- if name in known and name not in names -%}{%- do names.append(name) -%}{%- endif -%}
  {%- endfor -%}
  {%- set values = [] -%}
  {%- for name in names -%}
    {%- set value = 'coalesce(' ~ name ~ ', ' ~ name[:-5] ~ '_id)' if name in ('campaign_name', 'ad_set_name', 'ad_name') else name -%}
    {#- a fee or a credit was never delivered -#}
    {%- set value = 'coalesce(impressions, case when amount_spent <> 0 and coalesce(clicks, 0) = 0 then 0 end)' if name == 'impressions' else value -%}
    {%- do values.append({
      'name': name ~ '__missing',
      'issue': "case when " ~ value ~ " is null then '" ~ name ~ ": required, but empty' end",
    }) -%}
  {%- endfor -%}
  {% do return(values) %}
{% endmacro %}
