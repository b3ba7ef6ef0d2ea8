{# Merge new transactions into the fact by one statement, as the model gold__fct_transactions does; the aggregates are built from them by
   the next run of dbt, which knows them by changed_by.
   Arguments: gold (string: the schema), source (relation with raw_transactions' columns: the stream, or the table).
   Returns: one statement (text) without a semicolon.
   Example: {{ merge_transactions_sql('gold', 'bronze.bronze_transactions_stream') }} #}
{% macro merge_transactions_sql(gold, source) -%}
merge into {{ gold }}.fct_transactions as standing
    using (
        {{ transaction_facts(
            '(select * from (select *, row_number() over (partition by transaction_id order by batch_id desc) as place from (' ~ conformed_transactions(source) ~ ') as conformed) as numbered where place = 1)',
            gold ~ '.dim_customer',
            gold ~ '.dim_merchant_category',
            '(select coalesce(max(changed_by), 0) + 1 from ' ~ gold ~ '.fct_transactions)'
        ) }}
    ) as coming
    on standing.transaction_id = coming.transaction_id
    when matched and standing.batch_id < coming.batch_id then update set
        customer_key = coming.customer_key,
        customer_id = coming.customer_id,
        transaction_date = coming.transaction_date,
        merchant_category_key = coming.merchant_category_key,
        merchant_name = coming.merchant_name,
        channel = coming.channel,
        status = coming.status,
        transaction_amount = coming.transaction_amount,
        batch_id = coming.batch_id,
        changed_by = coming.changed_by
    when not matched then insert (transaction_id, customer_key, customer_id, transaction_date, merchant_category_key, merchant_name, channel, status, transaction_amount, batch_id, changed_by)
    values (coming.transaction_id, coming.customer_key, coming.customer_id, coming.transaction_date, coming.merchant_category_key, coming.merchant_name, coming.channel, coming.status, coming.transaction_amount, coming.batch_id, coming.changed_by)
{%- endmacro %}
