{# The steps of a client's log after which a build has nothing to do: what builds note themselves, and what changes no row.
   Returns: a list of literals (text), for `in (...)`.
   Example: where processing_stage not in ({{ steps_beside_rows() }}) #}
{% macro steps_beside_rows() -%}
'TEST', 'BUILD', 'QUALITY', 'ALERT', 'VERIFY', 'COMPARE', 'GRANT', 'REVOKE', 'POLICIES', 'ARCHIVE'
{%- endmacro %}
