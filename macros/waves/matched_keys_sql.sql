{# The rows of earlier loads that a file has too: joined by ids where both sides have one, else by names and account; of one currency.
   Arguments: earlier_keys, file_keys (SQL names of tables as overlap_keys_of_cells makes them).
   Returns: a select statement (text): load_id, the keys, campaign, days and figures of the earlier row; file_row_key, file_id_key and
     the figures of the file's row, as file_amount_spent and file_impressions.
   Example: matched as ({{ matched_keys_sql('earlier_keys', 'file_keys') }}) #}
{% macro matched_keys_sql(earlier_keys, file_keys) %}
{#- a sign such as '$' is that of several -#}
{%- set same = "(coalesce(length(earlier.currency), 0) <> 3 or coalesce(length(file.currency), 0) <> 3 or earlier.currency = file.currency)" %}
{%- set same_account -%}
case
  when earlier.own_account_id is not null and file.own_account_id is not null then earlier.own_account_id = file.own_account_id
  when earlier.own_account_name is not null and file.own_account_name is not null then earlier.own_account_name = file.own_account_name
  else coalesce(earlier.own_account_id, earlier.own_account_name) is null
    or coalesce(file.own_account_id, file.own_account_name) is null
end
{%- endset %}
    {%- for condition in [
        "earlier.row_key = file.row_key and (earlier.id_key is null or file.id_key is null) and " ~ same ~ " and " ~ same_account,
        "earlier.id_key = file.id_key and " ~ same,
    ] %}
    select
        earlier.load_id,
        earlier.row_key,
        earlier.id_key,
        earlier.campaign_id,
        earlier.campaign_name,
        earlier.date_start,
        coalesce(earlier.date_end, earlier.date_start) as date_end,
        earlier.row_count,
        earlier.amount_spent,
        earlier.impressions,
        file.row_key as file_row_key,
        file.id_key as file_id_key,
        file.amount_spent as file_amount_spent,
        file.impressions as file_impressions
    from {{ earlier_keys }} as earlier
    inner join {{ file_keys }} as file
        on {{ condition }}
    {%- if not loop.last %}
    union
    {%- endif %}
    {%- endfor %}
{% endmacro %}
