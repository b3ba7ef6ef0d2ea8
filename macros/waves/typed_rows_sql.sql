{# The rows of some loads as typed columns.
   Arguments: staging (relation, or name), groups (list, from pending_loads()), promoted (list, from promoted_columns()).
   Returns: a select statement (text): raw_row_columns(), core columns, promoted columns, additional_metrics, row_identity (what tells the
     rows of a file apart), row_key and id_key, is_complete, is_valid, is_consistent and the list cell_issues, null for none.
   Example: {{ typed_rows_sql('staging', pending_loads('client_acme_meta_2024', this), []) }} #}
{% macro typed_rows_sql(staging, groups, promoted) -%}
with

{% if groups | length == 1 -%}
{{ typed_load_ctes(staging, groups[0], promoted, '') }}
{%- else -%}
{%- for group in groups -%}
{{ typed_load_ctes(staging, group, promoted, '_' ~ loop.index) }}
{% endfor -%}
final as (

    {%- for group in groups %}

    select * from typed_{{ loop.index }}
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- else %}

    select
        {{ empty_raw_row() }},
        {%- for column in core_columns() + promoted %}
        cast(null as {{ column_types()[column.type].sql }}) as {{ column.name }},
        {%- endfor %}
        cast(null as {{ type_json() }}) as additional_metrics,
        cast(null as varchar) as row_identity,
        cast(null as varchar) as row_key,
        cast(null as varchar) as id_key,
        cast(null as boolean) as is_complete,
        cast(null as boolean) as is_valid,
        cast(null as boolean) as is_consistent,
        {{ text_list([]) }} as cell_issues
    where false
    {%- endfor %}

)
{% endif %}
select * from final
{%- endmacro %}
