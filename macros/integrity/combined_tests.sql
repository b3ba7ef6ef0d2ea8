{# Several tests of one client as one query, so that each client costs dbt two tests and not six.
   Arguments: selects (list of select statements in the columns test_name, wave_number, load_id, subject, expected, found).
   Returns: a select statement (text): every row that fails a test, with the test's name.
   Example: {{ combined_tests([waves_score_at_least(model, 'quality_error_below')]) }} #}
{% macro combined_tests(selects) %}
{%- for select in selects %}
select
    test_name,
    wave_number,
    load_id,
    subject,
    expected,
    found
from ({{ select }}) as test_{{ loop.index }}
{{ "union all" if not loop.last }}
{%- endfor %}
{% endmacro %}
