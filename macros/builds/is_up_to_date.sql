{# Whether a build can pass over a client, because its tables and the outcome of its tests would be what they are. Only `dbt build` and `dbt
   run` do; `dbt test` always looks at everything. A client that has no tables on this target is passed over by all of them.
   Arguments: client_schema (string).
   Returns: bool. False while dbt parses, in unit tests, in a full refresh, and where the var skip_unchanged is off.
   Example: {% if is_up_to_date('client_acme_meta_2024') %}select 1 as is_up_to_date{% endif %} #}
{% macro is_up_to_date(client_schema) %}
  {%- if model.resource_type == 'unit_test' -%}{% do return(false) %}{%- endif -%}
  {%- if not client_has_tables(client_schema) -%}{% do return(true) %}{%- endif -%}
  {%- if not execute or flags.WHICH not in ('build', 'run') or flags.FULL_REFRESH or not var('skip_unchanged') -%}
    {% do return(false) %}
  {%- endif -%}
  {% do return(build_state(client_schema).is_unchanged) %}
{% endmacro %}
