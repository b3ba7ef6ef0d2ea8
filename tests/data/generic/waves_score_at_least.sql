{#
  Claim: no wave scores below a threshold.
  Guards: reports made from a wave that is incomplete, misread or inconsistent.
  Arguments: model (wave_quality), threshold (the name of the dbt var that holds it).
    `beside` is a seed that no model reads: a test that has such a parent stops no model when it fails, so that one
    client's bad wave does not keep the marts of all clients from being built.
  Shows: the waves below, with the parts of their score, lowest first.
#}
{% test waves_score_at_least(model, threshold, beside) %}
select
    wave_number,
    wave_name,
    data_quality_score,
    completeness,
    validity,
    consistency,
    uniqueness,
    conformity,
    coverage,
    row_count,
    rows_with_issues,
    missing_columns
from {{ model }}
where data_quality_score < {{ var(threshold) }}
order by data_quality_score
{% endtest %}
