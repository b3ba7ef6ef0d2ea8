{# The ways in which an export can write a number; the loader picks one a column, over the whole column.
   Returns: mapping value_format -> {pattern (of the whole cell), keep (characters that carry the value), decimal_mark, example}. 'plain'
     has nothing to strip and is the fastest. Thousands may be set apart by a space or an apostrophe in 'point' and 'comma', and by the
     Indian way (1,23,456.78) in 'point'; currency signs and codes stand on either side, and so does a minus. 'native' has Arabic, Persian or full-width digits
     (ascii_digits()); of the Latin marks it takes those alone that mean one thing. 'micros' is 'plain' in millionths, as APIs write
     money; no file proves it, so no loader finds it. 'power' is 'plain', and numbers as programs write large and small ones: 1.2345678E7,
     5e-05, 1e+05. A spreadsheet's 1.25E+01 is none of them, since it may have lost digits.
   Example: {{ number_formats()['point'].pattern }} #}
{% macro number_formats() %}
  {%- set space = '     ' -%}
  {%- set sign = '[-+(−–]?' -%}
  {%- set symbol = "([A-Z]{3}|[A-Z]{0,3}[$€£¥₹₽₺₩₪฿₫₴]|kr[.]?|zł|Kč|Ft|lei|Rs[.]?|Fr[.]?)" -%}
  {#- a spreadsheet keeps a text as a text in the formula of it, ="12.50", or behind an apostrophe -#}
  {%- set before = "(=\"|')?(" ~ symbol ~ '[' ~ space ~ ']?)?' -%}
  {%- set after = '([' ~ space ~ ']?(%|' ~ symbol ~ '))?[)]?-?"?' -%}
  {%- set native = '[٠-٩۰-۹]' -%}
  {%- set wide = '[０-９]' -%}
  {% do return({
    'plain': {
      'pattern': '[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)', 'keep': none, 'decimal_mark': '.', 'example': '1234.56',
    },
    'point': {
      'pattern': sign ~ before ~ sign ~ "([1-9][0-9]{0,2}([," ~ space ~ "'’][0-9]{3})+|[1-9][0-9]?(,[0-9]{2})+,[0-9]{3}|[0-9]+)?([.][0-9]*)?" ~ after,
      'keep': '-(−–0-9.', 'decimal_mark': '.', 'example': '1,234.56',
    },
    'comma': {
      'pattern': sign ~ before ~ sign ~ "([1-9][0-9]{0,2}([." ~ space ~ "'’][0-9]{3})+|[0-9]+)?(,[0-9]*)?" ~ after,
      'keep': '-(−–0-9,', 'decimal_mark': ',', 'example': '1.234,56',
    },
    'native': {
      'pattern': '[-+−－]?' ~ before ~ '(' ~ native ~ '{1,3}(٬' ~ native ~ '{3})+|' ~ native ~ '+|' ~ wide ~ '{1,3}([,，]' ~ wide ~ '{3})+|' ~ wide ~ '+)'
        ~ '(٫' ~ native ~ '+|[.]' ~ native ~ '{1,2}|[.．]' ~ wide ~ '*)?' ~ after,
      'keep': '-0-9.', 'decimal_mark': '.', 'example': '١٬٢٣٤٫٥٦',
    },
    'power': {
      'pattern': '[-+]?([0-9]{1,11}([.][0-9]*)?|[.][0-9]+|[0-9]([.][0-9]+)?[eE](-[0-9]{1,2}|[7-9]|10)|[0-9]([.]([0-9]|[0-9]{3,}))?e[+](0[5-9]|10))',
      'keep': none, 'decimal_mark': '.', 'example': '1.2345678E7',
    },
    'micros': {
      'pattern': '[-+]?[0-9]+([.]0*)?', 'keep': none, 'decimal_mark': '.', 'example': '1234560000',
    },
  }) %}
{% endmacro %}
