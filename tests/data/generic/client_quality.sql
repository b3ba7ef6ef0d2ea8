{# No wave of a client scores under `quality_warn_below`, every ad set is in the naming keys, once there are any, no
   question is open, each default is of its type, and the rows are of today's code.
   Each is a macro of its own in macros/integrity.
   Guards: people's trust in a wave that loads and builds, but should be looked at.
   Arguments: model (wave_quality), client_schema; processed, naming_keys and beside are named in YAML of earlier versions.
   Shows: one row for each doubt: which test, wave and load, what was expected and what was found. #}
{% test client_quality(model, client_schema, processed=none, naming_keys=none, beside=none) %}
{%- set processed = processed or ref(client_schema ~ '__processed_campaign_data') -%}
{%- set naming_keys = naming_keys or client_source(client_schema, 'naming_keys') -%}
{{ stop_no_model() }}
{{ combined_tests([
    rows_are_of_this_code(processed, client_schema),
    waves_score_at_least(model, 'quality_warn_below'),
    ad_sets_have_naming_keys(processed, naming_keys),
    no_question_is_open(client_source(client_schema, 'open_questions'), client_schema),
    defaults_are_of_their_type(client_source(client_schema, 'wave_schema_mapping')),
]) }}
{% endtest %}

{# The name before, for YAML that has it. Arguments: model, and those of client_quality. #}
{% test nothing_is_doubtful(model) %}{{ test_client_quality(model, **kwargs) }}{% endtest %}
