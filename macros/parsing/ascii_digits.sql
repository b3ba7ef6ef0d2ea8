{# A text with Arabic, Persian and full-width digits, decimal marks and minus signs as those of ASCII.
   Arguments: expression (SQL text expression).
   Returns: a text expression (text).
   Example: {{ ascii_digits('cell_1') }} #}
{% macro ascii_digits(expression) %}translate({{ expression }}, '٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹０１２３４５６７８９٫．−－', '012345678901234567890123456789..--'){% endmacro %}
