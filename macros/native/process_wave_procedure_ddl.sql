{# The stored procedure process_wave_data(schema, wave): have a wave flattened again, by the same statements as `spark9 reprocess`, and
   ask the tasks for a build.
   Returns: one statement (text) with its semicolon.
   Example: call native.process_wave_data('client_acme_meta_2024', 3) #}
{% macro process_wave_procedure_ddl() %}
{#- no wave has this number (1 to 9999); it stands where the procedure puts the wave that it is called with -#}
{%- set any_wave = 999999 %}
create or replace procedure {{ native_schema() }}.process_wave_data(schema_name varchar, wave number)
returns varchar
language sql
execute as owner
as
$$
declare
    known number;
    statement varchar;
    statements array default array_construct({{ procedure_statements('update __schema__.load_lock set locked_at = locked_at;' ~ reprocess_wave_sql('__schema__', any_wave, 'current_user()')) }});
    unknown_client exception (-20002, 'this schema is no active client of the registry');
begin
    select count(*) into :known from {{ target.database }}.registry.clients where client_schema = :schema_name and status = 'active';
    if (known = 0) then
        raise unknown_client;
    end if;
    begin transaction;
    for i in 0 to array_size(statements) - 1 do
        statement := replace(replace(get(statements, i)::varchar, '__schema__', '{{ target.database }}.' || schema_name), '{{ any_wave }}', wave::varchar);
        execute immediate :statement;
    end for;
    insert into {{ native_schema() }}.build_requests (client_schema, requested_by, requested_at)
    select :schema_name, current_user(), {{ current_time_utc() }};
    commit;
    return 'wave ' || wave::varchar || ' of ' || schema_name || ' is marked for reprocessing; the tasks build it within minutes';
end;
$$;
{% endmacro %}
