{# Before a build on Snowflake, find the clients for which it has nothing to do: no load waits, and the last build passed with this code and
   these settings. Each of a client's models and tests would cost a dozen statements, whatever they find. These are the clients that
   `spark9 build` leaves out; `dbt test` tests them nevertheless. DuckDB builds them all: there a statement costs a millisecond.
   Returns: nothing; is_idle() knows them for the rest of the run.
   Example: on-run-start: ["{{ look_up_idle_clients() }}"] #}
{% macro look_up_idle_clients() %}
  {%- if execute and flags.WHICH == 'build' -%}{% do adapter.dispatch('look_up_idle_clients', 'spark9')() %}{%- endif -%}
{% endmacro %}

{% macro duckdb__look_up_idle_clients() %}{% endmacro %}

{% macro snowflake__look_up_idle_clients() %}
  {%- if owns_raw_rows() and not is_partial_run() and not flags.FULL_REFRESH and var('wave', none) is none -%}
    {%- set selected = selected_resources | join(' ') -%}
    {%- set built = clients_with_tables('wave_quality') | select('in', clients_with_tables('processed_campaign_data')) | list -%}
    {%- set clients = [] -%}
    {%- for client_schema in clients_with_tables() if client_schema in built and client_schema in selected -%}
      {%- set schema = raw_schema(client_schema) | trim -%}
      {%- do clients.append({
        'client_schema': client_schema, 'staging': schema ~ '.raw_data_staging',
        'processed': schema ~ '.processed_campaign_data', 'log': schema ~ '.processing_log',
      }) -%}
    {%- endfor -%}
    {%- set idle = [] -%}
    {%- for statement in build_states_sql(clients) -%}
      {%- for client_schema, waiting, is_clean, last_step in run_query(statement).rows if is_clean and not waiting -%}
        {%- do idle.append(client_schema) -%}
      {%- endfor -%}
    {%- endfor -%}
    {%- if idle -%}
      {%- do log(idle | length ~ ' of ' ~ clients | length ~ ' clients have nothing to build', info=true) -%}
      {%- do graph.update({
        'spark9_idle_clients': idle,
        'spark9_no_failures': run_query('select 0 as failures, false as should_warn, false as should_error'),
      }) -%}
    {%- endif -%}
  {%- endif -%}
{% endmacro %}
