{# The rules by which the figures of one row must agree with each other. A rule speaks only where all of its figures are there.
   Returns: list of {name, issue (SQL text expression, null where the rule holds)}. Used over the typed columns, and over given_ctr and
     given_cpc, the rates that the platform itself computed; a CTR of 0.04 can be 4 per cent, as APIs write it.
   Example: {{ text_list(consistency_issues() | map(attribute='issue') | list) }} #}
{% macro consistency_issues() %}
  {%- set tolerance = var('given_rate_tolerance') -%}
  {%- set rounding = var('given_rate_rounding') -%}
  {%- set ctr_percent = '100.0 * clicks / nullif(impressions, 0)' -%}
  {%- set cpc = '1.0 * amount_spent / nullif(clicks, 0)' -%}
  {% do return([
    {'name': 'clicks__contradiction', 'issue': "case when clicks > impressions then 'clicks: more than impressions' end"},
    {'name': 'reach__contradiction', 'issue': "case when reach > impressions then 'reach: more than impressions' end"},
    {'name': 'date_start__contradiction', 'issue': "case when date_start > date_end then 'date_start: after date_end' end"},
    {'name': 'negative_figure',
      'issue': "case when least(coalesce(impressions, 0), coalesce(reach, 0), coalesce(clicks, 0)) < 0 then 'negative figure'"
      ~ " when amount_spent < 0 and greatest(coalesce(impressions, 0), coalesce(clicks, 0)) > 0 then 'negative figure' end"},
    {'name': 'ctr__contradiction',
      'issue': "case when abs(given_ctr - " ~ ctr_percent ~ ") > " ~ rounding ~ " + " ~ tolerance ~ " * " ~ ctr_percent
      ~ " and (given_ctr = 0 or abs(100 * given_ctr - " ~ ctr_percent ~ ") > 50 * " ~ rounding ~ " + " ~ tolerance ~ " * " ~ ctr_percent ~ ")"
      ~ " then 'ctr: does not agree with clicks / impressions' end"},
    {'name': 'cpc__contradiction',
      'issue': "case when abs(given_cpc - " ~ cpc ~ ") > " ~ rounding ~ " + " ~ tolerance ~ " * " ~ cpc
      ~ " then 'cpc: does not agree with amount_spent / clicks' end"},
  ]) %}
{% endmacro %}
