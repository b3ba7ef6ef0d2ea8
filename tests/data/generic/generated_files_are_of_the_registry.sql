{# The clients that are built, or archived, their names and policies are those of seeds/clients.csv.
   Guards: a client that was added to the seed by hand, which no model builds, and one that was deleted there and is built all the same.
   Arguments: model (the seed clients).
   Shows: each client that differs, with what the seed has, what builds have, and the command that makes them one. #}
{% test generated_files_are_of_the_registry(model) %}
{{ stop_no_model() }}
{%- set columns = ['client_schema', 'client', 'platform', 'year', 'status', 'restatement', 'overlap'] %}
with generated as (
    {%- for status, clients in {'active': registered_clients(), 'archived': archived_clients()}.items() %}
    {%- for client in clients %}
    select
        '{{ client.client_schema }}' as client_schema,
        '{{ client.client }}' as client,
        '{{ client.platform }}' as platform,
        {{ client.year }} as year,
        '{{ status }}' as status,
        '{{ client.restatement }}' as restatement,
        '{{ client.overlap }}' as overlap
    union all
    {%- endfor %}
    {%- endfor %}
    select '' as client_schema, '' as client, '' as platform, 0 as year, '' as status, '' as restatement, '' as overlap
)
select
    coalesce(registry.client_schema, generated.client_schema) as client_schema,
    {%- for column in columns[1:] %}
    registry.{{ column }} as {{ column }}_of_the_seed,
    generated.{{ column }} as {{ column }}_of_builds,
    {%- endfor %}
    'spark9 client check --fix' as remedy
from {{ model }} as registry
full outer join generated on registry.client_schema = generated.client_schema
where
    coalesce(generated.client_schema, '-') <> ''
    {%- if flags.EMPTY %}
    and registry.client_schema is not null
    {%- endif %}
    and (
        registry.client_schema is null
        or generated.client_schema is null
        {%- for column in columns[1:] %}
        or registry.{{ column }} <> generated.{{ column }}
        {%- endfor %}
    )
{% endtest %}
