{# The segment of a customer by figures alone, of ninety days: the one rule, for segments as they are and as the churn model knew them on an
   earlier day. The thresholds are settings (vars: customer_360).
   Arguments: tenure_days, spend, average_amount, travel_share, usual_spend (SQL expressions: days since the account was opened; spend in
     ninety days, its average amount, the share of travel in it; what was usual in ninety days before).
   Returns: a text expression.
   Example: {{ segment_of('tenure_days', 'spend_90_days', 'average_amount_90_days', 'travel_share_90_days', 'usual_spend_90_days') }} as
     segment #}
{% macro segment_of(tenure_days, spend, average_amount, travel_share, usual_spend) -%}
{%- set settings = var('customer_360') -%}
case
            when {{ tenure_days }} < {{ settings.new_below_days }} then 'New & Growing'
            when coalesce({{ spend }}, 0) < {{ settings.declining_below }} * coalesce({{ usual_spend }}, 0) or coalesce({{ spend }}, 0) = 0 then 'Declining'
            when {{ average_amount }} >= {{ settings.high_value_from }} and {{ travel_share }} >= {{ settings.traveler_from }} then 'High-Value Travelers'
            when {{ average_amount }} < {{ settings.budget_below }} then 'Budget-Conscious'
            else 'Stable Mid-Spenders'
        end
{%- endmacro %}
