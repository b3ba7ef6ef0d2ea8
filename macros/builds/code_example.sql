{# The SQL by which rows, waves or marts are made, of an example that has every type and format.
   Arguments: of ('rows', 'waves' or 'marts': what models of marts take from macros).
   Returns: statements (text), over names that stand for a client's tables.
   Example: {{ local_md5(code_example('rows')) }} #}
{% macro code_example(of) %}
{%- if of == 'rows' %}
{{ processed_rows('raw_data_staging', 'naming_keys', [{'load_ids': ['example'], 'columns': example_columns()}], [], '') }};

{{ supersede_rows_sql('processed_campaign_data', 'supersede', 'finest', 'select load_id from changed_loads') }}
{%- elif of == 'waves' %}
{{ scored_waves('processed_campaign_data', 'wave_schema_mapping', none, '') }}
{%- else %}
{{ campaign_totals('client_example', 'processed_campaign_data') }};

{{ day_totals('client_example', 'processed_campaign_data') }};

select
    {%- for name, expression in performance_rates('totals') %}
    {{ expression }} as {{ name }},
    {%- endfor %}
    {{ spread_over_days('totals.clicks', 'numbers.number', 'totals.days_in_row', 6) }} as clicks_of_day,
    {{ add_days('totals.date_start', 'numbers.number') }} as date_day,
    {{ monday_of('totals.date_start') }} as week_start,
    {{ exchange_factor('totals.currency', '1.1', "'EUR'", '1.2') }} as factor
from totals
{{ join_exchange_rates('totals', "'EUR'", 'daily_exchange_rates') }}
cross join ({{ numbers(31) }}) as numbers
{%- endif %}
{% endmacro %}
