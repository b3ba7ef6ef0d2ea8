{# After a run, print the rows that fail each test which warned or failed, so that nobody has to open the compiled SQL to see them.
   Arguments: results (list): what dbt hands to on-run-end; limit (integer): rows to print a test.
   Returns: nothing; logs the rows.
   Example: on-run-end: ["{{ show_failing_rows(results) }}"] #}
{% macro show_failing_rows(results, limit=5) %}
  {%- if execute -%}
    {%- for result in results if result.node.resource_type == 'test' and result.status in ('warn', 'fail') -%}
      {%- set rows = run_query("select * from (\n" ~ result.node.compiled_code ~ "\n) as failing_rows limit " ~ limit) -%}
      {%- do log(result.node.name ~ ": " ~ result.failures ~ " rows fail the test" ~ (", the first " ~ limit ~ ":" if result.failures > limit else ":"), info=true) -%}
      {%- for row in rows.rows -%}
        {%- set shown = [] -%}
        {%- for name, value in row.dict().items() if value is not none -%}
          {%- do shown.append(name | lower ~ "=" ~ value) -%}
        {%- endfor -%}
        {%- do log("    " ~ shown | join(", "), info=true) -%}
      {%- endfor -%}
    {%- endfor -%}
  {%- endif -%}
{% endmacro %}
