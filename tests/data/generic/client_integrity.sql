{#
  Claim: what must hold of a client's tables does: no load is half there, every raw row is processed once, sums agree with the
    file, and no wave scores under `quality_error_below`. Each is a macro of its own in macros/claims.
  Guards: every figure downstream.
  Arguments: model (wave_quality), processed, and the sources staging, mapping and log of the same client; client_schema.
    `beside` is a seed that no model reads: a test that has such a parent stops no model when it fails, so that one
    client's bad wave does not keep the marts of all clients from being built.
    In `dbt build` the rows of loads that a build proved right before are not read again; `dbt test` reads all.
  Shows: one row for each thing that breaks a claim: which claim, wave and load, what was expected and what was found.
#}
{% test every_claim_holds(model, client_schema, processed, staging, mapping, log, beside) %}
{%- if nothing_is_new(client_schema) -%}
select 1 as nothing_is_new where false
{%- else -%}
{%- set loads = loads_to_prove(client_schema) -%}
{{ claims([
    no_load_is_half_there(staging, mapping, log, loads),
    every_raw_row_is_processed_once(processed, staging, loads),
    sums_agree_with_the_file(processed, mapping, loads),
    waves_score_at_least(model, 'quality_error_below'),
]) }}
{%- endif -%}
{% endtest %}
