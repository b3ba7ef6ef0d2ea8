{# The stored procedure create_client_platform_schema(client, platform, year): the warehouse's side of `spark9 client add`, by the same
   statements. The registry is files of the project, which no procedure can write.
   Returns: one statement (text) with its semicolon.
   Example: call native.create_client_platform_schema('acme', 'meta', 2024) #}
{% macro create_client_procedure_ddl() %}
create or replace procedure {{ native_schema() }}.create_client_platform_schema(client varchar, platform varchar, year number)
returns varchar
language sql
execute as owner
as
$$
declare
    schema_name varchar;
    statement varchar;
    statements array default array_construct({{ procedure_statements(client_schema_ddl('__schema__')) }});
    invalid_name exception (-20001, 'client, platform or year is not a valid name: lower-case letters and digits, single underscores in the client, a year from 2000 to 2099');
begin
    if (not (regexp_like(client, '[a-z0-9]+(_[a-z0-9]+)*') and regexp_like(platform, '[a-z0-9]+') and year between 2000 and 2099)) then
        raise invalid_name;
    end if;
    schema_name := 'client_' || client || '_' || platform || '_' || year::varchar;
    for i in 0 to array_size(statements) - 1 do
        statement := replace(get(statements, i)::varchar, '__schema__', schema_name);
        execute immediate :statement;
    end for;
    return schema_name || ' is there with its tables, stage and roles; have it built with: spark9 client add ' || client || ' ' || platform || ' ' || year::varchar;
end;
$$;
{% endmacro %}
