{# The signs of currencies that mean one alone; '$', '¥' and 'kr' are those of several.
   Returns: mapping sign -> code (ISO 4217).
   Example: {{ currency_signs()['€'] }} #}
{% macro currency_signs() %}
  {% do return({
    '€': 'EUR', '£': 'GBP', '₹': 'INR', 'Rs': 'INR', '₽': 'RUB', '₺': 'TRY', '₩': 'KRW', '₪': 'ILS', '฿': 'THB', '₫': 'VND', '₴': 'UAH',
    'zł': 'PLN', 'Kč': 'CZK', 'Ft': 'HUF', 'lei': 'RON', 'Fr': 'CHF', 'US$': 'USD', 'A$': 'AUD', 'AU$': 'AUD', 'C$': 'CAD', 'CA$': 'CAD',
    'NZ$': 'NZD', 'HK$': 'HKD', 'S$': 'SGD', 'R$': 'BRL', 'MX$': 'MXN',
  }) %}
{% endmacro %}

{# The code of the currency that a text names: 'EUR' for 'EUR', 'eur' and '€'. Any other text stays as it is, so that its rows are never
   added to those of another.
   Arguments: expression (SQL text expression, trimmed, empty as null).
   Returns: a text expression (text).
   Example: {{ currency_code('cell_3') }} #}
{% macro currency_code(expression) -%}
  case {{ expression }}
    {%- for sign, code in currency_signs().items() %} when {{ text_literal(sign) }} then '{{ code }}'{% endfor %}
    else case when {{ text_matches(expression, '[A-Za-z]{3}') }} then upper({{ expression }}) else {{ expression }} end
  end
{%- endmacro %}

{# The code or sign of a currency in the text of an amount.
   Returns: a pattern (in the part that RE2 and POSIX share).
   Example: {{ text_part('cell_3', '(' ~ currency_pattern() ~ ')') }} #}
{% macro currency_pattern() %}
  {% do return('[A-Z]{3}|[A-Z]{0,3}[$€£¥₹₽₺₩₪฿₫₴]|kr|zł|Kč|Ft|lei|Rs|Fr') %}
{% endmacro %}

{# The currency that a cell of an amount names: 'EUR' for '€1,200.00', '$' for '$12.50'; null for '12.50'.
   Arguments: expression (SQL text expression).
   Returns: a text expression (text).
   Example: {{ currency_of_amount('cell_5') }} #}
{% macro currency_of_amount(expression) -%}
  {%- set part = text_part(expression, '(' ~ currency_pattern() ~ ')') -%}
  {{ currency_code("nullif(" ~ part ~ ", '')") }}
{%- endmacro %}

{# Whether the cells of a column of amounts name the currency of their rows; its value_format has ':currency' then.
   Arguments: column (a mapping row).
   Returns: true or false.
   Example: {% if names_a_currency(column) %}{{ currency_of_amount('cell_' ~ column.ordinal) }}{% endif %} #}
{% macro names_a_currency(column) %}
  {% do return(column.ordinal is not none and column.target_column == 'amount_spent' and 'currency' in (column.value_format or '').split(':')) %}
{% endmacro %}
