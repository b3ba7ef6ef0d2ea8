{# What the tables of a client depend on besides its data: settings of the project, as one hash.
   Arguments: client_schema (string).
   Returns: 32 hexadecimal digits (string).
   Example: details like '%{{ build_fingerprint('client_acme_meta_2024') }}%' #}
{% macro build_fingerprint(client_schema) %}
  {%- set settings = [restatement_policy(client_schema), overlap_policy(client_schema), dbt_version] -%}
  {%- for name in ['quality_weights', 'quality_warn_below', 'quality_error_below', 'given_rate_tolerance', 'given_rate_rounding'] -%}
    {%- do settings.append(var(name)) -%}
  {%- endfor -%}
  {% do return(local_md5(tojson(settings))) %}
{% endmacro %}
