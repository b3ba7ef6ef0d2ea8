{# Tests that no wave scores below a threshold. Guards reports made from a wave that is incomplete, misread or inconsistent.
   Arguments: quality (relation wave_quality of one client), threshold (the name of the dbt var that holds it).
   Returns: a select statement (text): the waves below with the parts of their score, in the columns of combined_tests().
   Example: {{ waves_score_at_least(ref('client_acme_meta_2024__wave_quality'), 'quality_warn_below') }} #}
{% macro waves_score_at_least(quality, threshold) %}
select
    'waves_score_at_least_{{ 'the_limit' if threshold == 'quality_error_below' else 'the_warning' }}' as test_name,
    wave_number,
    cast(null as varchar) as load_id,
    wave_name as subject,
    'a score of {{ var(threshold) }}' as expected,
    cast(data_quality_score as varchar)
    {%- for part in row_parts() + ['coverage'] %}
    || ', {{ part }} ' || cast({{ part }} as varchar)
    {%- endfor %}
    || ', missing columns ' || cast(missing_columns as varchar) as found
from {{ quality }}
where data_quality_score < {{ var(threshold) }}
{% endmacro %}
