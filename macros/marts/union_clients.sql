{# One table of all clients, named columns only, each row with its client_schema.
   Arguments: table (string): a table that every client has. columns (list of [name, SQL type]); the type is used only where there is no
     client. from_source (bool): true for the loader's tables, false for the models.
   Returns: a select statement (text) that refers to each client's table by ref() or source(), so that the lineage shows them all. Without
     any client: no rows, same columns.
   Example: {{ union_clients('wave_quality', [['wave_number', 'integer']]) }} #}
{% macro union_clients(table, columns, from_source=false) %}
{%- for client_schema in clients_with_tables() %}
    select
        '{{ client_schema }}' as client_schema,
        {%- for name, type in columns %}
        {{ name }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ source(client_schema, table) if from_source else ref(client_schema ~ '__' ~ table) }}
    {{ "union all" if not loop.last }}
{%- else %}
    select
        cast(null as varchar) as client_schema,
        {%- for name, type in columns %}
        cast(null as {{ type }}) as {{ name }}{{ "," if not loop.last }}
        {%- endfor %}
    where false
{%- endfor %}
{% endmacro %}
