{# Several claims about one client as one query, so that each client costs dbt two tests and not six.
   Arguments: selects (list of select statements in the columns claim, wave_number, load_id, subject, expected, found).
   Returns: a select statement (text): every row that breaks a claim, with the claim's name.
   Example: {{ claims([waves_score_at_least(model, 'quality_error_below')]) }} #}
{% macro claims(selects) %}
{%- for select in selects %}
select
    claim,
    wave_number,
    load_id,
    subject,
    expected,
    found
from ({{ select }}) as claim_{{ loop.index }}
{{ "union all" if not loop.last }}
{%- endfor %}
{% endmacro %}
