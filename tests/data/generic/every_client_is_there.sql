{#
  Claim: a mart holds as many rows of each active client as the client's own table does, and no other client.
  Guards: dashboards, which would show a client that is left out as one without campaigns.
  Arguments: model (a mart with client_schema), table (the client model that it unites).
  Shows: the clients whose row counts differ.
#}
{% test every_client_is_there(model, table) %}
with

in_mart as (

    select
        client_schema,
        count(*) as row_count
    from {{ model }}
    group by client_schema

),

of_clients as (
    {% for client_schema in registered_client_schemas() %}
    select
        '{{ client_schema }}' as client_schema,
        count(*) as row_count
    from {{ ref(client_schema ~ '__' ~ table) }}
    {{ "union all" if not loop.last }}
    {% else %}
    select
        cast(null as varchar) as client_schema,
        cast(null as bigint) as row_count
    where false
    {% endfor %}
)

select
    coalesce(of_clients.client_schema, in_mart.client_schema) as client_schema,
    of_clients.row_count as rows_of_client,
    in_mart.row_count as rows_in_mart
from of_clients
full join in_mart on of_clients.client_schema = in_mart.client_schema
where coalesce(of_clients.row_count, 0) <> coalesce(in_mart.row_count, 0)
{% endtest %}
