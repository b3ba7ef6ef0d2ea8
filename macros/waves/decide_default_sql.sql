{# The statements that make a decision of `spark9 mapping set --default` out of a default that was written with SQL: a rule of the client's
   from its wave on, which loaded waves follow.
   Arguments: schema_name (string): of the client. decision (an entry of default_decisions()).
   Returns: statements (text), each ended by a semicolon.
   Example: {% do run_in_hook(decide_default_sql('client_acme_meta_2024', decision), 'client_acme_meta_2024') %} #}
{% macro decide_default_sql(schema_name, decision) %}
{%- set column, target, default = text_literal(decision.column), text_literal(decision.target), text_literal(decision.default) %}
{%- set is_core = decision.target in core_columns() | map(attribute='name') %}
{%- set rule = 'missing' if not decision.in_file else 'core' if is_core else 'additional' %}
{%- set decided -%}
decided_by = 'person', reason = 'decided by a person', updated_timestamp = {{ current_time_utc() }}
{%- endset %}
{%- set concerned -%}
target_column = {{ target }}
    and wave_number >= {{ decision.wave }}
    {%- if decision.until is not none %}
    and wave_number < {{ decision.until | int }}
    {%- endif %}
{%- endset %}
delete from {{ schema_name }}.column_rules
where lower(column_name) = lower({{ column }}) and from_wave = {{ decision.wave }};

insert into {{ schema_name }}.column_rules (
    column_name, from_wave, mapping_rule, target_column, column_type, value_format, is_required, default_value, updated_timestamp
)
select
    {{ column }}, {{ decision.wave }}, '{{ rule }}', {{ target }},
    {{ text_literal(none if is_core else decision.type) }}, null, {{ decision.is_required | lower }}, {{ default }}, {{ current_time_utc() }};

update {{ schema_name }}.wave_schema_mapping
set mapping_rule = '{{ rule }}', {{ decided }}
where
    mapping_rule = 'use_default_value'
    and wave_number = {{ decision.wave }}
    and column_name = {{ column }}
    and ordinal is {{ 'not ' if decision.in_file }}null;

update {{ schema_name }}.wave_schema_mapping
set default_value = {{ default }}, {{ decided }}
where
    {{ concerned }}
    and mapping_rule in ('core', 'additional', 'promote', 'missing')
    and (ordinal is null or lower(column_name) = lower({{ column }}));

update {{ schema_name }}.raw_data_staging
set processed_flag = false, schema_version = schema_version + 1
where load_id in (
    select load_id
    from {{ schema_name }}.wave_schema_mapping
    where
        {{ concerned }}
        and decided_by = 'person'
        and default_value = {{ default }}
);

insert into {{ schema_name }}.processing_log (processing_timestamp, processing_stage, status, wave_number, column_count, done_by)
select {{ current_time_utc() }}, 'MAPPING', 'SUCCESS', {{ decision.wave }}, 1, {{ actor() }};
{% endmacro %}
