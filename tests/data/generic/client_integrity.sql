{# No load is half there, every raw row is processed once, sums agree with the file, and no wave scores under `quality_error_below`. Each is
   a macro of its own in macros/integrity.
   Guards: every figure downstream.
   Arguments: model (wave_quality), processed, and the sources staging, mapping and log of the same client; client_schema. `beside` is a
     seed that no model reads: a test that has such a parent stops no model when it fails, so that one client's bad wave does not keep the
     marts of all clients from being built. In `dbt build` the rows of loads that passed in a build before are not read again; `dbt test`
     reads all.
   Shows: one row for each thing that is wrong: which test, wave and load, what was expected and what was found. #}
{% test client_integrity(model, client_schema, processed, staging, mapping, log, beside) %}
{%- if is_up_to_date(client_schema) -%}
select 1 as is_up_to_date where false
{%- else -%}
{%- set loads = loads_to_test(client_schema) -%}
{{ combined_tests([
    no_load_is_half_there(staging, mapping, log, loads),
    every_raw_row_is_processed_once(processed, staging, loads),
    sums_agree_with_the_file(processed, mapping, loads),
    waves_score_at_least(model, 'quality_error_below'),
]) }}
{%- endif -%}
{% endtest %}

{# The name before, for YAML that has it. Arguments: model, and those of client_integrity. #}
{% test every_claim_holds(model) %}{{ test_client_integrity(model, **kwargs) }}{% endtest %}
