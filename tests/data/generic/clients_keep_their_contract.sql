{# The tables of each client have the columns that their YAML has, each with its type. A contract of dbt would refuse
   the columns that people promote, which a client's YAML can't know; one query of the catalogue looks at all clients.
   Guards: marts and queries over several clients, which would meet a column as a number here and as a text there.
   Arguments: model (a mart of all clients).
   Shows: the columns that are missing or of another type, and the command that makes the table again. #}
{% test clients_keep_their_contract(model) %}
{%- set columns = [] -%}
{%- set schemas = ["''"] -%}
{%- for client_schema in registered_client_schemas() -%}
  {%- do schemas.append(text_literal(schema_with_prefix(client_schema) | trim | lower)) -%}
{%- endfor -%}
{%- for client_schema in (registered_client_schemas() if execute else [])[:1] -%}
  {%- for table in ['processed_campaign_data', 'wave_quality'] -%}
    {%- for column in graph.nodes['model.' ~ project_name ~ '.' ~ client_schema ~ '__' ~ table].columns.values() -%}
      {%- do columns.append('select ' ~ text_literal(table) ~ ' as table_name, ' ~ text_literal(column.name) ~ ' as column_name, '
        ~ text_literal(column.data_type.split('(')[0]) ~ ' as column_type') -%}
    {%- endfor -%}
  {%- endfor -%}
{%- endfor -%}
with

contract as (

    {{ columns | join('\n    union all\n    ') or "select '' as table_name, '' as column_name, '' as column_type where false" }}

),

found as (

    select
        lower(table_schema) as table_schema,
        lower(table_name) as table_name,
        lower(column_name) as column_name,
        {{ plain_type('data_type', 'numeric_scale') }} as column_type
    from information_schema.columns
    where
        lower(table_schema) in ({{ schemas | join(', ') }})
        and lower(table_name) in ('processed_campaign_data', 'wave_quality')

)

select
    tables.table_schema || '.' || tables.table_name as relation,
    contract.column_name,
    contract.column_type as expected,
    coalesce(found.column_type, 'no such column') as found_type,
    'dbt build --full-refresh --select clients.' || tables.table_schema as remedy
from (select distinct table_schema, table_name from found) as tables
inner join contract on tables.table_name = contract.table_name
left join found
    on
        tables.table_schema = found.table_schema
        and tables.table_name = found.table_name
        and contract.column_name = found.column_name
where
    found.column_type is null
    or found.column_type <> {{ plain_type('contract.column_type', 'null') }}
{% endtest %}
