{# The rows of one file of a feed with a column for each declared field, before anything is judged.
   Arguments: feed (mapping, see raw_feed_columns). file (mapping: name, ingestion_id; header: the names in the first row of a CSV file,
     none otherwise). source (text): a select that gives content (JSON, or a JSON list of a CSV row's cells), and line_number. is_checked
     (bool): see parsed_feed_rows.
   Returns: a select statement (text): the fields, other_fields, content, shape_problem, file_name, line_number, ingestion_id.
   Example: {{ feed_cells(feed, file, 'select content, line_number from lines') }} #}
{% macro feed_cells(feed, file, source, is_checked=true) %}
  {%- set known = feed.fields | map(attribute='name') | list -%}
  {%- set names = file.header if feed.format == 'csv' else [] -%}
  {%- set cells, others = [], [] -%}
  {%- for name in known -%}
    {%- do cells.append(list_cell('cells', names.index(name)) if name in names else 'cast(null as varchar)' if feed.format == 'csv' else field_cell('cells', known, loop.index0)) -%}
  {%- endfor -%}
  {#- loop.index0 counts the names that a filtered loop lets through, not the columns -#}
  {%- for name in names | reject('in', known) -%}{%- do others.append([name, list_cell('cells', names.index(name))]) -%}{%- endfor %}
    select
        {%- for name in known %}
        {{ cells[loop.index0] }} as {{ name }},
        {%- endfor %}
        {%- if feed.format == 'csv' %}
        {{ json_object(others) if others else 'cast(null as ' ~ (type_json() | trim) ~ ')' }} as other_fields,
        content,
        {{ cells_problem('cells', names | length) }} as shape_problem,
        {%- else %}
        {{ other_json_fields('cells', 'content', known) }} as other_fields,
        content,
        {{ json_problem('cells', 'content') }} as shape_problem,
        {%- endif %}
        {{ text_literal(file.name) }} as file_name,
        line_number,
        {{ file.ingestion_id }} as ingestion_id
    from ({{ parsed_feed_rows(feed, source, known, is_checked) }}) as parsed
    {%- if feed.format == 'csv' %}
    where line_number > 1
    {%- endif %}
{% endmacro %}
