{# No load of a client is half there, every raw row is processed once, sums agree with the file, waves agree with
   their rows, and no wave scores under `quality_error_below`. Each is a macro of its own in macros/integrity.
   Guards: every figure downstream.
   Arguments: model (wave_quality), client_schema; processed, staging, mapping, log and beside are named in YAML of earlier versions.
   Shows: one row for each thing that is wrong: which test, wave and load, what was expected and what was found. #}
{% test client_integrity(model, client_schema, processed=none, staging=none, mapping=none, log=none, beside=none) %}
{%- set processed = processed or ref(client_schema ~ '__processed_campaign_data') -%}
{%- set staging = staging or client_source(client_schema, 'raw_data_staging') -%}
{%- set mapping = mapping or client_source(client_schema, 'wave_schema_mapping') -%}
{%- set log = log or client_source(client_schema, 'processing_log') -%}
{{ stop_no_model() }}
{#- a part of the rows agrees with no file; a test that is skipped asks nothing -#}
{%- set of_all_rows = [] if is_partial_run() or is_idle(client_schema) else [
    every_raw_row_is_processed_once(processed, staging),
    sums_agree_with_the_file(processed, mapping),
] %}
{{ combined_tests(of_all_rows + [
    no_load_is_half_there(staging, mapping, log),
    waves_agree_with_their_rows(model, processed),
    waves_score_at_least(model, 'quality_error_below'),
]) }}
{% endtest %}

{# The name before, for YAML that has it. Arguments: model, and those of client_integrity. #}
{% test every_claim_holds(model) %}{{ test_client_integrity(model, **kwargs) }}{% endtest %}
