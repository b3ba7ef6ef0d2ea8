{# dbt's hook for the key of a version in a snapshot, with the run in it. dbt makes it of the row's key and its `updated_at`; where that is
   a day, two versions of one day would have one key, and Snowflake's MERGE would close the first and never insert the second.
   Arguments: args (list of SQL expressions).
   Returns: a text expression (text).
   Example: snapshot_hash_arguments(['customer_id', 'exported_on']) #}
{% macro snapshot_hash_arguments(args) -%}
md5({% for arg in args %}coalesce(cast({{ arg }} as varchar), '') || '|' || {% endfor %}{{ text_literal(invocation_id) }})
{%- endmacro %}
