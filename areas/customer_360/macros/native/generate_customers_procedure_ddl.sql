{# The stored procedure generate_customers(customer_count, seed): the customers as they are yesterday, in the place of those that are there,
   by the statements of generate_customers_script(). The first call begins a history of the setting's months; others go on with it.
   Arguments: schema_name (string: bronze, with the database's name).
   Returns: one statement (text) with its semicolon.
   Example: call bronze.generate_customers(50000, 42) #}
{% macro generate_customers_procedure_ddl(schema_name) %}
{%- set plan = {'customers': ':customer_count', 'seed': ':seed', 'first_day': ':first_number', 'base_last_day': ':last_number', 'newcomers': ':newcomers', 'people': ':people'} %}
{%- set dates = [':first_day', ':last_day', ':as_of'] %}
create or replace procedure {{ schema_name }}.generate_customers(customer_count number, seed number)
returns varchar
language sql
execute as owner
as
$$
declare
    as_of date default dateadd(day, -1, cast({{ current_time_utc() }} as date));
    first_day date;
    last_day date;
    there number;
    first_number number;
    last_number number;
    as_of_number number;
    newcomers number;
    people number;
    run_id varchar default uuid_string();
    generated_otherwise exception (-20003, 'what is there was generated with another number of customers or another seed');
    out_of_range exception (-20004, 'the number of customers is to be from 1 to 2000000, the seed from 0 to 2147483646');
begin
    if (not (customer_count between 1 and 2000000 and seed between 0 and 2147483646)) then
        raise out_of_range;
    end if;
    select count(*), min(history_first_day), max(history_last_day) into :there, :first_day, :last_day from {{ schema_name }}.generation_telemetry;
    if (there = 0) then
        last_day := as_of;
        first_day := date_trunc('month', add_months(as_of, {{ 1 - var('customer_360').history_months }}));
    else
        select count(*) into :there from {{ schema_name }}.generation_telemetry where seed <> :seed or customer_count <> :customer_count;
        if (there > 0) then
            raise generated_otherwise;
        end if;
    end if;
    select count(*) into :there from {{ schema_name }}.generation_telemetry where kind = 'customers' and last_day >= :as_of;
    if (there > 0) then
        return 'the customers of ' || to_varchar(as_of) || ' are there already';
    end if;
    first_number := datediff(day, cast('2000-01-01' as date), first_day);
    last_number := datediff(day, cast('2000-01-01' as date), last_day);
    as_of_number := datediff(day, cast('2000-01-01' as date), as_of);
    newcomers := greatest(1, floor(customer_count / 125));
    people := customer_count + newcomers * greatest(0, ceil((as_of_number - last_number) / 30));
    begin transaction;
    update {{ schema_name }}.load_lock set locked_at = locked_at;
    {%- for statement in generate_customers_script(schema_name, plan, 'to_varchar(:as_of)', ':as_of_number', ':run_id', 'current_user()', dates) %}
    {{ statement }};
    {%- endfor %}
    commit;
    return 'customers as of ' || to_varchar(as_of);
end;
$$;
{% endmacro %}
