{# After wave_quality is written: take out waves of which no row is left.
   Arguments: client_schema (string).
   Returns: a statement (text), run as a post-hook.
   Example: post_hook="{{ remove_gone_waves('client_acme_meta_2024') }}" #}
{% macro remove_gone_waves(client_schema) %}
{%- if not is_partial_run() %}
delete from {{ this }}
where wave_number not in (select wave_number from {{ ref(client_schema ~ '__processed_campaign_data') }})
{%- endif %}
{% endmacro %}
