{# The version of the project's code: a hash of the SQL that it makes of an example of everything. So a change of a macro, of a model or of a
   threshold shows, and a comment does not.
   Arguments: of ('rows': how rows are flattened, scored and superseded; 'waves': how waves are scored; 'marts': what marts take from macros).
   Returns: 32 hexadecimal digits (string); empty while dbt parses.
   Example: {{ code_version('rows') }} #}
{% macro code_version(of) %}
  {%- if not execute -%}{% do return('') %}{%- endif -%}
  {%- if graph is not defined or not graph.nodes -%}{% do return(local_md5(code_example(of) | trim)) %}{%- endif -%}
  {#- the model takes the hash while dbt parses, which it does again where a macro behind it has changed -#}
  {% do return(graph.nodes['model.' ~ project_name ~ '.code_example'].config.meta['version_of_' ~ of]) %}
{% endmacro %}
