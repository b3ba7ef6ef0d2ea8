{# Each wave that any client has loaded stands in the mart, and no other.
   Guards: dashboards, which would show a client or wave that is left out as one without campaigns.
   Arguments: model (a mart by client_schema and wave_number), wave_columns (the mart of loaded columns).
   Shows: the waves that stand on one side only. #}
{% test every_loaded_wave_is_there(model, wave_columns) %}
with

in_mart as (

    select distinct
        client_schema,
        wave_number
    from {{ model }}

),

loaded as (

    select distinct
        client_schema,
        wave_number
    from {{ wave_columns }}

)

select
    coalesce(loaded.client_schema, in_mart.client_schema) as client_schema,
    coalesce(loaded.wave_number, in_mart.wave_number) as wave_number,
    case when in_mart.client_schema is null then 'not in the mart' else 'not loaded' end as problem
from loaded
full join in_mart
    on
        loaded.client_schema = in_mart.client_schema
        and loaded.wave_number = in_mart.wave_number
where
    {{ 'false' if is_partial_run() else 'true' }}
    and (loaded.client_schema is null or in_mart.client_schema is null)
{% endtest %}
