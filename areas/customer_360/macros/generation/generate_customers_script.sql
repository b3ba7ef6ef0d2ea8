{# Put the customers of a day in the place of those that are there, with what the generator knows of them, their row in the ledger of files
   and one in the telemetry: the same statements for the loader and for the stored procedure.
   Arguments: schema_name (string: bronze), plan (mapping: see customer_traits), as_of (SQL text expression: the day as YYYY-MM-DD),
     as_of_number (number or SQL expression), run_id, done_by (SQL text expressions), dates (list of three SQL date expressions: first and
     last day of the history, and the day).
   Returns: list of statements (text), without semicolons.
   Example: {% for statement in generate_customers_script('bronze', plan, "'2026-06-30'", 9677, "'run'", 'null', dates) %}{{ statement }}{%
     endfor %} #}
{% macro generate_customers_script(schema_name, plan, as_of, as_of_number, run_id, done_by, dates) %}
  {%- set traits, habits = schema_name ~ '.customer_traits', schema_name ~ '.spending_habits' -%}
  {%- set files, customers = schema_name ~ '.ingested_files', schema_name ~ '.raw_customers' -%}
  {%- set fields = 'customer_id, first_name, last_name, email, age, state, city, employment_status, card_type, credit_limit, account_open_date, account_closed_date, customer_segment, decline_type, exported_on' -%}
  {%- set next_ingestion = '(select coalesce(max(ingestion_id), 0) + 1 from ' ~ files ~ ')' -%}
  {%- set statements = [
    'delete from ' ~ traits,
    'insert into ' ~ traits ~ ' ' ~ customer_traits(plan),
  ] -%}
  {%- for statement in spending_habits_sql(habits).split(';') if statement | trim -%}{%- do statements.append(statement | trim) -%}{%- endfor -%}
  {%- do statements.extend([
    'update ' ~ files ~ ' set replaced_by = ' ~ next_ingestion ~ ' where replaced_by is null',
    'delete from ' ~ customers,
    'insert into ' ~ customers ~ ' (' ~ fields ~ ', file_name, line_number, ingestion_id, ingested_at) select ' ~ fields
      ~ ", 'generated', cast(customer_id as bigint), " ~ next_ingestion ~ ', ' ~ (current_time_utc() | trim)
      ~ ' from (' ~ generate_customers_sql(traits, plan, as_of, as_of_number) ~ ') as made',
    'insert into ' ~ files ~ ' (feed, file_name, etag, size_bytes, ingestion_id, run_id, rows_read, rows_loaded, rows_rejected, ingested_at) '
      ~ "select 'customer_360.customers', 'generated', 'as of ' || " ~ as_of ~ ', 0, ' ~ next_ingestion ~ ', ' ~ run_id
      ~ ', (select count(*) from ' ~ customers ~ '), (select count(*) from ' ~ customers ~ '), 0, ' ~ (current_time_utc() | trim),
    generation_telemetry_sql(schema_name, 'customers', plan, next_batch_id(schema_name), dates[0], dates[1], dates[0], dates[2], '(select count(*) from ' ~ customers ~ ')', run_id, done_by),
  ]) -%}
  {% do return(statements) %}
{% endmacro %}
