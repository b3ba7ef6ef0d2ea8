{# What happens where a later export of a client has the same days and ads again, as the registry says.
   Arguments: client_schema (string).
   Returns: 'supersede' (the later value counts), 'both' (both count) or 'refuse' (such a load is refused; what is there all the same is
     superseded).
   Example: {{ restatement_policy('client_acme_meta_2024') }} #}
{% macro restatement_policy(client_schema) %}
  {%- for client in registered_clients() if client.client_schema == client_schema -%}
    {% do return(client.restatement) %}
  {%- endfor -%}
  {% do return('supersede') %}
{% endmacro %}
