{# Tag `columns` (list) of `relation` as personal data and mask them, where the warehouse can: Snowflake's Enterprise edition, on targets
   that keep roles. The tag and `policy` (personal_text, or personal_json for columns of type_json()) are those of the `area`; they are
   made with its schemas (feed_access_ddl). Statements, or nothing. #}
{% macro mask_columns_ddl(relation, columns, area='engagement', policy='personal_text') %}{{ adapter.dispatch('mask_columns_ddl', 'spark9')(relation, columns, area, policy) }}{% endmacro %}
{% macro duckdb__mask_columns_ddl(relation, columns, area, policy) %}{% endmacro %}
{% macro snowflake__mask_columns_ddl(relation, columns, area, policy) %}
{%- if var('snowflake').edition == 'enterprise' and keeps_roles() %}
{%- set place = target.database ~ '.' ~ (schema_with_prefix(area_schemas(area).built) | trim) %}
{%- for column in columns %}
alter table {{ relation }} modify column {{ column }} set masking policy {{ place }}.{{ policy }} force;
alter table {{ relation }} modify column {{ column }} set tag {{ place }}.personal_data = 'yes';
{%- endfor %}
{%- endif %}
{% endmacro %}
