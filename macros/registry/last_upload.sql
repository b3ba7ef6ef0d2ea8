{# When a client last got a file, for `dbt source freshness`: the upload of its newest row; before the first load, the start of its log,
   so that a new client has as long as any other. A client without tables on this target has nothing that could be old; assert_client_tables_exist names it.
   Arguments: client_schema (string).
   Returns: a select statement (text) of one timestamp, UTC.
   Example: loaded_at_query: "{{ last_upload('client_acme_meta_2024') }}" #}
{% macro last_upload(client_schema) -%}
  {%- set schema = raw_schema(client_schema) | trim -%}
  {%- if client_schema in clients_with_tables() -%}
    select coalesce(
      (select max(upload_timestamp) from {{ schema }}.raw_data_staging),
      (select min(processing_timestamp) from {{ schema }}.processing_log),
      {{ current_time_utc() }}
    ) as last_upload
  {%- else -%}
    select {{ current_time_utc() }} as last_upload
  {%- endif -%}
{%- endmacro %}
