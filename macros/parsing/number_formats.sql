{#
  Purpose: the ways in which an export can write a number; the loader picks one a column, over the whole column.
  Returns: mapping value_format -> {pattern (of the whole cell), keep (characters that carry the value),
    decimal_mark, example}. 'plain' has nothing to strip and is the fastest.
  Example: {{ number_formats()['point'].pattern }}
#}
{% macro number_formats() %}
  {%- set sign = '[-+(]?' -%}
  {%- set before = '([A-Z]{3} ?|[$€£¥] ?)?' -%}
  {%- set after = '( ?[%$€£¥]| ?[A-Z]{3})?[)]?' -%}
  {% do return({
    'plain': {
      'pattern': '[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)', 'keep': none, 'decimal_mark': '.', 'example': '1234.56',
    },
    'point': {
      'pattern': sign ~ before ~ '[-+]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)?([.][0-9]*)?' ~ after,
      'keep': '-(0-9.', 'decimal_mark': '.', 'example': '1,234.56',
    },
    'comma': {
      'pattern': sign ~ before ~ "[-+]?([0-9]{1,3}([.  ’'][0-9]{3})+|[0-9]+)?(,[0-9]*)?" ~ after,
      'keep': '-(0-9,', 'decimal_mark': ',', 'example': '1.234,56',
    },
  }) %}
{% endmacro %}
