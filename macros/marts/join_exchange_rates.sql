{# The rates that an amount's own currency and the wanted one have on its day.
   Arguments: amounts (string): a CTE with the columns date_day and currency. wanted (SQL expression): a currency. rates (string): a CTE of
     daily_exchange_rates.
   Returns: two left joins (text): row_rates, report_rates.
   Example: {{ join_exchange_rates('days', "'EUR'", 'daily_exchange_rates') }} #}
{% macro join_exchange_rates(amounts, wanted, rates) -%}
left join {{ rates }} as row_rates
    on
        {{ amounts }}.date_day = row_rates.date_day
        and {{ amounts }}.currency = row_rates.currency
left join {{ rates }} as report_rates
    on
        {{ amounts }}.date_day = report_rates.date_day
        and report_rates.currency = {{ wanted }}
{%- endmacro %}
