{# What happens where exports of a client have the same days and campaigns at different levels, by different breakdowns or over
   different periods, as the registry says.
   Arguments: client_schema (string).
   Returns: 'finest' (the finest export without a breakdown counts), 'both' (all count) or 'refuse' (such a load is refused; what is there
     all the same is judged as by 'finest').
   Example: {{ overlap_policy('client_acme_meta_2024') }} #}
{% macro overlap_policy(client_schema) %}
  {%- for client in registered_clients() if client.client_schema == client_schema -%}
    {% do return(client.overlap) %}
  {%- endfor -%}
  {% do return('finest') %}
{% endmacro %}
