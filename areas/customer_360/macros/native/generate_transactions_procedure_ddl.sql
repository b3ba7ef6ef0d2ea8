{# The stored procedure generate_transactions(): the transactions of each day up to that of the customers that has none yet, by the
   statement of generate_transactions_sql(), as one batch.
   Arguments: schema_name (string: bronze, with the database's name).
   Returns: one statement (text) with its semicolon.
   Example: call bronze.generate_transactions() #}
{% macro generate_transactions_procedure_ddl(schema_name) %}
{%- set plan = {'customers': ':customer_count', 'seed': ':seed'} %}
create or replace procedure {{ schema_name }}.generate_transactions()
returns varchar
language sql
execute as owner
as
$$
declare
    customer_count number;
    seed number;
    history_first date;
    history_last date;
    until date;
    first_day date;
    first_number number;
    days number;
    batch_id number;
    run_id varchar default uuid_string();
    customers_missing exception (-20005, 'no customers were generated; call generate_customers first');
begin
    select max(customer_count), max(seed), min(history_first_day), max(history_last_day), max(case when kind = 'customers' then last_day end), coalesce(dateadd(day, 1, max(case when kind = 'transactions' then last_day end)), min(history_first_day))
        into :customer_count, :seed, :history_first, :history_last, :until, :first_day
        from {{ schema_name }}.generation_telemetry;
    if (until is null) then
        raise customers_missing;
    end if;
    days := datediff(day, first_day, until) + 1;
    if (days < 1) then
        return 'the transactions up to ' || to_varchar(until) || ' are there already';
    end if;
    first_number := datediff(day, cast('2000-01-01' as date), first_day);
    select coalesce(max(batch_id), 0) + 1 into :batch_id from {{ schema_name }}.generation_telemetry;
    begin transaction;
    update {{ schema_name }}.load_lock set locked_at = locked_at;
    insert into {{ schema_name }}.raw_transactions (transaction_id, customer_id, transaction_date, transaction_amount, merchant_name, merchant_category, channel, status, batch_id)
    {{ generate_transactions_sql(schema_name ~ '.customer_traits', schema_name ~ '.spending_habits', plan, ':first_day', ':first_number', ':days', ':batch_id') }};
    {{ generation_telemetry_sql(schema_name, 'transactions', plan, ':batch_id', ':history_first', ':history_last', ':first_day', ':until', '(select count(*) from ' ~ schema_name ~ '.raw_transactions where batch_id = :batch_id)', ':run_id', 'current_user()') }};
    commit;
    return 'transactions up to ' || to_varchar(until);
end;
$$;
{% endmacro %}
