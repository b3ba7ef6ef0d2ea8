{# The steps of a client's log after which a build has nothing to do: what builds note themselves, and what changes no row.
   'prove' is the name of 'test' before.
   Returns: a list of literals (text), for `in (...)`.
   Example: where processing_stage not in ({{ steps_beside_rows() }}) #}
{% macro steps_beside_rows() -%}
'test', 'prove', 'build', 'quality', 'alert', 'verify', 'compare', 'grant', 'revoke', 'policies', 'archive'
{%- endmacro %}
