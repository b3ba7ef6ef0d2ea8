{# The statement that notes a batch in generation_telemetry.
   Arguments: schema_name (string: bronze), kind (string: customers or transactions), plan (mapping: see customer_traits), batch_id (number
     or SQL expression), history_first, history_last, first, last (SQL date expressions), records (number or SQL expression), run_id,
     done_by (SQL text expressions).
   Returns: one statement (text) without a semicolon.
   Example: {{ generation_telemetry_sql('bronze', 'transactions', plan, 7, first, last, first, last, 100, "'run'", 'null') }} #}
{% macro generation_telemetry_sql(schema_name, kind, plan, batch_id, history_first, history_last, first, last, records, run_id, done_by) -%}
insert into {{ schema_name }}.generation_telemetry (batch_id, kind, seed, customer_count, history_first_day, history_last_day, first_day, last_day, records, run_id, done_by, generated_at)
select {{ batch_id }}, '{{ kind }}', {{ plan.seed }}, {{ plan.customers }}, {{ history_first }}, {{ history_last }}, {{ first }}, {{ last }}, {{ records }}, {{ run_id }}, {{ done_by }}, {{ current_time_utc() | trim }}
{%- endmacro %}
