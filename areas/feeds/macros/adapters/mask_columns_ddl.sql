{#
  Purpose: tag columns as personal data and mask them, where the warehouse can: Snowflake's Enterprise edition. The policy and the tag
    are made with the area's schemas (feed_access_ddl).
    A target that keeps no roles masks nothing.
  Arguments: relation (relation or text), columns (list of strings), area (string: whose policy and tag), policy (string: personal_text,
    or personal_json for columns of type_json()).
  Returns: statements (text), or nothing.
  Example: {{ mask_columns_ddl(this, ['email']) }}
#}
{% macro mask_columns_ddl(relation, columns, area='engagement', policy='personal_text') %}{{ adapter.dispatch('mask_columns_ddl', 'spark9')(relation, columns, area, policy) }}{% endmacro %}

{% macro default__mask_columns_ddl(relation, columns, area, policy) %}{{ unsupported_adapter('mask_columns_ddl') }}{% endmacro %}

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
