{# The feed's last file is no older than so many hours.
   Guards: dashboards that show yesterday's figures as today's.
   Arguments: model (raw table), feed (string), files (relation: ingested_files), hours (number).
   Shows: when the last file was ingested. #}
{% test feed_is_fresh(model, feed, files, hours) %}
select max(ingested_at) as last_ingested_at
from {{ files }}
where feed = '{{ feed }}'
having
    max(ingested_at) is null
    or max(ingested_at) < {{ add_minutes(current_time_utc() | trim, '-60 * ' ~ hours) }}
{% endtest %}
