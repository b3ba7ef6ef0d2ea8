{# What an amount is multiplied by to have it in another currency: null where a rate is missing. Rates are units of a currency for one of the
   base, whose own is 1.
   Arguments: currency, rate (SQL expressions): of the amount. other, other_rate: of the currency that is wanted.
   Returns: a double expression (text).
   Example: {{ exchange_factor('days.currency', 'row_rates.rate', "'EUR'", 'report_rates.rate') }} #}
{% macro exchange_factor(currency, rate, other, other_rate) -%}
{%- set base = text_literal(var('exchange_rate_base')) -%}
case
    when {{ currency }} = {{ other }} then 1
    else
        case when {{ other }} = {{ base }} then 1 else cast({{ other_rate }} as double) end
        / case when {{ currency }} = {{ base }} then 1 else cast({{ rate }} as double) end
end
{%- endmacro %}
