{# No wave scores under `quality_warn_below`, and every ad set is in the naming keys, once there are any. Each is a macro of its own in
   macros/integrity.
   Guards: people's trust in a wave that loads and builds, but should be looked at.
   Arguments: model (wave_quality), processed, and the source naming_keys of the same client; client_schema. `beside` is a seed that no
     model reads: a test that has such a parent stops no model when it fails, so that one client's bad wave does not keep the marts of all
     clients from being built.
   Shows: one row for each doubt: which test, wave and load, what was expected and what was found. #}
{% test client_quality(model, client_schema, processed, naming_keys, beside) %}
{%- if is_up_to_date(client_schema) -%}
select 1 as is_up_to_date where false
{%- else -%}
{{ combined_tests([
    waves_score_at_least(model, 'quality_warn_below'),
    ad_sets_have_naming_keys(processed, model, naming_keys, in_all_waves=flags.WHICH != 'build'),
]) }}
{%- endif -%}
{% endtest %}

{# The name before, for YAML that has it. Arguments: model, and those of client_quality. #}
{% test nothing_is_doubtful(model) %}{{ test_client_quality(model, **kwargs) }}{% endtest %}
