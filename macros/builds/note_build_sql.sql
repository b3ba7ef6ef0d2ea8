{# The statement that notes in a client's log that its last build passed, where the log does not say so yet. A build that warned is noted
   where the one before did not, since its rows can be of other code.
   Arguments: log (relation, or name), fingerprint (string, from build_fingerprint(); none where a test warned), seconds (number): how long ago
     the build looked at the client's rows.
   Returns: a statement (text).
   Example: {% do run_query(note_build_sql('client_acme_meta_2024.processing_log', build_fingerprint(schema), 3.2)) %} #}
{% macro note_build_sql(log, fingerprint, seconds) %}
insert into {{ log }} (processing_timestamp, processing_stage, status, details, done_by)
select {{ current_time_utc() }}, 'TEST', 'SUCCESS', cast(null as {{ type_json() }}), {{ actor() }}
from (
    select
        max(case when processing_stage = 'TEST' then processing_timestamp end) as tested,
        max(case when processing_stage = 'PROCESS' or status = 'ERROR' then processing_timestamp end) as changed
    from {{ log }}
) as last_steps
where
    tested is null
    or tested < changed
union all
select
    {{ seconds_before_now(seconds) }}, 'BUILD', 'SUCCESS',
{%- if fingerprint is not none %}
    {{ json_object([['made_with', text_literal(fingerprint)]]) }}, {{ actor() }}
from (select {{ is_clean_sql(fingerprint) }} as is_clean from {{ log }}) as state
where is_clean = 0
{%- else %}
    cast(null as {{ type_json() }}), {{ actor() }}
from (
    select
        max(case when details is not null then processing_timestamp end) as passed,
        max(processing_timestamp) as built
    from {{ log }}
    where processing_stage = 'BUILD'
) as builds
where passed = built
{%- endif %}
{% endmacro %}
