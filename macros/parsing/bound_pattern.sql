{# How platforms write a figure that they do not give, only a bound of it: '<10', '> 90%'.
   Returns: a pattern of the whole cell (string). Such a cell is null in its typed column and named in row_issues, but it is no mistake: the
     row stays valid.
   Example: {{ text_matches('cell_3', bound_pattern()) }} #}
{% macro bound_pattern() %}{% do return('[<>≤≥] ?[0-9][0-9.,]*( ?%)?') %}{% endmacro %}
