{# The keys by which a later export of the same is recognised: its days, its campaign, ad set and ad, and the
   breakdowns that the project knows (age, country, ...). Rows that name nothing have no key, unless the whole export is by account.
   Arguments: columns (list of mapping rows of one load; a breakdown is what is in_grain and no core column, and the hour beside the day), ids
     (mapping campaign, ad_set, ad -> the column that has the compared_id() of it already; none for no such columns).
   Returns: mapping {row_key: expression by names, id_key: expression by ids, null where the lowest level has no id}, over the typed core
     columns, and the values and cells of typed_load_ctes(). A campaign can be renamed while its id stays, and exports without ids exist: two rows match
     by ids where both have one, else by names. Leading zeros of ids make no difference.
   Example: {{ overlap_keys(group.columns).row_key }} as row_key #}
{% macro overlap_keys(columns, ids=none) %}
  {%- set core = core_columns() | map(attribute='name') | list -%}
  {%- set breakdowns = [] -%}
  {%- for column in columns | sort(attribute='target_column') if column.in_grain and column.ordinal is not none and column.target_column not in core -%}
    {%- if column.mapping_rule != 'ignore' -%}
      {%- do breakdowns.append(text_literal(column.target_column ~ '=') ~ " || coalesce(" ~ value_text(value_of(column), column.column_type) ~ ", '')") -%}
    {%- endif -%}
  {%- endfor -%}
  {%- set by = columns | selectattr('target_column', 'equalto', 'breakdowns') | map(attribute='default_value') | first or '' -%}
  {%- for column in columns if 'hour_of_day' in by.split(', ') and column.target_column == 'date_start' and column.ordinal is not none -%}
    {%- if column.column_type == 'date' and has_clock(column.value_format) -%}
      {%- do breakdowns.append(text_literal('hour_of_day=') ~ " || coalesce(cast(" ~ hour_of(part_of(column, 'cell')) ~ " as varchar), '')") -%}
    {%- endif -%}
  {%- endfor -%}
  {%- set days = ["coalesce(" ~ date_text('date_start') ~ ", '')", "coalesce(" ~ date_text('coalesce(date_end, date_start)') ~ ", '')"] -%}
  {%- set names = [] -%}
  {%- set by_id = [] -%}
  {%- for level in ['campaign', 'ad_set', 'ad'] -%}
    {%- set id = ids[level] if ids else compared_id(level ~ '_id') -%}
    {%- do names.append("coalesce(" ~ level ~ "_name, " ~ id ~ ", '')") -%}
    {%- do by_id.append("coalesce(" ~ id ~ ", " ~ level ~ "_name, '')") -%}
  {%- endfor -%}
  {%- set lowest_has_id -%}
    case
      when ad_id is not null or ad_name is not null then ad_id
      when ad_set_id is not null or ad_set_name is not null then ad_set_id
      else campaign_id
    end is not null
  {%- endset -%}
  {%- set of_account = columns | selectattr('target_column', 'equalto', 'level') | selectattr('default_value', 'equalto', 'account') | list -%}
  {%- set names_anything = 'date_start is not null' if of_account else 'coalesce(campaign_name, campaign_id, ad_set_name, ad_set_id, ad_name, ad_id) is not null' -%}
  {% do return({
    'row_key': 'case when ' ~ names_anything ~ ' then md5(concat_ws(\'|\', ' ~ (days + names + breakdowns) | join(', ') ~ ')) end',
    'id_key': 'case when ' ~ lowest_has_id ~ ' then md5(concat_ws(\'|\', ' ~ (days + by_id + breakdowns) | join(', ') ~ ')) end',
  }) %}
{% endmacro %}
