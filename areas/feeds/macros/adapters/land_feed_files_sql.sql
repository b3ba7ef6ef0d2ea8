{# Land files of a feed: good rows in its raw table, the others in rejected_rows with their text and the reason. On DuckDB good rows go
   straight to the raw table; the lines of a file that are not there then are read and judged once more for their reason. (Rows that are
   inserted and deleted again in one transaction make DuckDB write the whole table twice.) Each file is a part of a union, since a part
   numbers its lines in order while the parts run side by side (docs/decisions/0028). On Snowflake the files were copied to the feed's landing
   table before.
   Arguments: schema (string), feed (mapping, see raw_feed_columns), files (list of mappings: name, ingestion_id, header; on DuckDB rows, a
     select of the file's content and line_number), ingested_at (SQL timestamp expression), is_checked (bool: see parsed_feed_rows; without
     it a line with the braces of a JSON object that is none fails the statement).
   Returns: statements (text), each ended by a semicolon.
   Example: {{ land_feed_files_sql('engagement_raw', feed, files, "timestamp '2026-11-01 00:00:00'") }} #}
{% macro land_feed_files_sql(schema, feed, files, ingested_at, is_checked=true) %}{{ adapter.dispatch('land_feed_files_sql', 'spark9')(schema, feed, files, ingested_at, is_checked) }}{% endmacro %}

{% macro duckdb__land_feed_files_sql(schema, feed, files, ingested_at, is_checked) %}
{%- set fields = feed.fields | map(attribute='name') | join(', ') -%}
insert into {{ schema }}.{{ feed.table }} ({{ fields }}, other_fields, file_name, line_number, ingestion_id, ingested_at)
select {{ fields }}, other_fields, file_name, line_number, ingestion_id, {{ ingested_at }} as ingested_at
from (
    {%- for file in files %}
    {{ feed_cells(feed, file, file.rows, is_checked) }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
) as cells_of_rows
where {{ feed_row_reason(feed, ingested_at) }} is null;

insert into {{ schema }}.rejected_rows (feed, file_name, line_number, row_text, reason, ingestion_id, ingested_at)
select {{ text_literal(feed.name) }}, file_name, line_number, content, {{ feed_row_reason(feed, ingested_at) }}, ingestion_id, {{ ingested_at }}
from (
    {%- for file in files %}
    {%- set source %}
    {%- set landed %}from {{ schema }}.{{ feed.table }} where ingestion_id = {{ file.ingestion_id }}{% endset %}
    select content, line_number from ({{ file.rows }}) as lines
    {#- a block is 64 lines, with a bit for each that landed: an anti-join would hash them all (docs/decisions/0028) #}
    where
        line_number > coalesce((select max(line_number) {{ landed }}), 0)
        or line_number in (
            select unnest(list_filter(range(block * 64, block * 64 + 64), lambda line: coalesce(bits, 0) & (cast(1 as ubigint) << (line & 63)) = 0))
            from (select unnest(range(coalesce((select max(line_number) >> 6 {{ landed }}), -1) + 1)) as block) as blocks
            left join (
                select line_number >> 6 as block, bit_or(cast(1 as ubigint) << (line_number & 63)) as bits
                {{ landed }}
                group by all
            ) as landed using (block)
            where bits is null or bits <> 18446744073709551615
        )
    {%- endset %}
    {{ feed_cells(feed, file, source) }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
) as cells_of_rows;
{% endmacro %}

{% macro snowflake__land_feed_files_sql(schema, feed, files, ingested_at, is_checked) %}
{%- set fields = feed.fields | map(attribute='name') | join(', ') -%}
{%- for file in files %}
{%- set source = 'select content, line_number from ' ~ schema ~ '.landed_' ~ feed.table ~ ' where file_name = ' ~ text_literal(file.name) %}
{%- set judged %}
    select *, {{ feed_row_reason(feed, ingested_at) }} as reason
    from (
        {{ feed_cells(feed, file, source) }}
    ) as cells_of_rows
{%- endset %}
insert into {{ schema }}.{{ feed.table }} ({{ fields }}, other_fields, file_name, line_number, ingestion_id, ingested_at)
select {{ fields }}, other_fields, file_name, line_number, ingestion_id, {{ ingested_at }}
from ({{ judged }}) as judged
where reason is null;

insert into {{ schema }}.rejected_rows (feed, file_name, line_number, row_text, reason, ingestion_id, ingested_at)
select {{ text_literal(feed.name) }}, file_name, line_number, content, reason, ingestion_id, {{ ingested_at }}
from ({{ judged }}) as judged
where reason is not null;
{% endfor %}
delete from {{ schema }}.landed_{{ feed.table }};
{% endmacro %}
