{# What the tables of a client depend on besides its data: code and settings of the project, as one hash.
   Arguments: client_schema (string).
   Returns: 32 hexadecimal digits (string).
   Example: details like '%{{ build_fingerprint('client_acme_meta_2024') }}%' #}
{% macro build_fingerprint(client_schema) %}
  {% do return(local_md5(tojson([
    restatement_policy(client_schema),
    overlap_policy(client_schema),
    var('quality_warn_below'),
    var('quality_error_below'),
    code_version('rows'),
    code_version('waves'),
  ]))) %}
{% endmacro %}
