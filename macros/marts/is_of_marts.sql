{# Whether a file is of what marts are made of: models but those of clients, tests, examples and Snowflake's nightly ones, and seeds.
   Arguments: path (string): from the project's folder.
   Returns: bool.
   Example: {% if is_of_marts(node.original_file_path) %}...{% endif %} #}
{% macro is_of_marts(path) %}
  {%- set others = ('models/clients/', 'models/code_example/', 'models/snowflake/', 'models/unit_tests/') -%}
  {% do return(path.startswith(('models/', 'seeds/')) and not path.startswith(others)) %}
{% endmacro %}
