{# What a column of an export can be, and the type that its values get.
   Returns: mapping column_type -> {sql (type of the warehouse), numeric (bool), problem (how row_issues names a cell that is not of the
     type)}. A per cent is kept as a ratio: 2.5 % is 0.025. Money is a decimal, never a float.
   Example: cast(null as {{ column_types()['decimal'].sql }}) #}
{% macro column_types() %}
  {% do return({
    'text': {'sql': 'varchar', 'numeric': false, 'problem': ''},
    'id': {'sql': 'varchar', 'numeric': false, 'problem': ''},
    'integer': {'sql': 'bigint', 'numeric': true, 'problem': 'not a whole number'},
    'decimal': {'sql': 'decimal(18, 6)', 'numeric': true, 'problem': 'not a number'},
    'percent': {'sql': 'decimal(18, 8)', 'numeric': true, 'problem': 'not a per cent'},
    'date': {'sql': 'date', 'numeric': false, 'problem': 'not a date'},
  }) %}
{% endmacro %}
