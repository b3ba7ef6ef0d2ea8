{# Each customer has one current version; the versions of a customer leave no gap and do not overlap.
   Guards: transactions that would be joined to two versions, or to none.
   Arguments: model (dimension with customer_id, valid_from, valid_to, is_current).
   Shows: the versions that break it. #}
{% test versions_follow_each_other(model) %}
with

versions as (

    select
        customer_id,
        valid_from,
        valid_to,
        is_current,
        lead(valid_from) over (partition by customer_id order by valid_from, valid_to) as next_from,
        sum(case when is_current then 1 else 0 end) over (partition by customer_id) as current_versions
    from {{ model }}
    where customer_id is not null

)

select * from versions
where
    current_versions <> 1
    or is_current <> (valid_to is null)
    or valid_from is null
    or valid_to <= valid_from
    or coalesce(next_from, cast('9999-12-31' as date)) <> coalesce(valid_to, cast('9999-12-31' as date))
{% endtest %}
