{# The rows of some loads as processed_campaign_data holds them, in one statement: typed and scored. The loader shows them before a file is
   loaded, over the file's own rows; the model has the two steps in models of their own.
   Arguments: staging, naming_keys (relations, or names, of one client's tables), groups (list, from pending_loads()), promoted (list, from
     promoted_columns()), version (string): what the column code_version says.
   Returns: a select statement (text).
   Example: {{ processed_rows('staging', 'naming_keys', pending_loads('client_acme_meta_2024'), [], '') }} #}
{% macro processed_rows(staging, naming_keys, groups, promoted, version) %}
with

typed_rows as (
{{ typed_rows_sql(staging, groups, promoted) | indent(4) }}
),

{{ scored_rows_ctes(naming_keys, promoted, version) }}

select * from final
{% endmacro %}
