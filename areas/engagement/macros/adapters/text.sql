{# The text `expression` with every match of `pattern` (in the part that RE2 and POSIX share) replaced by the string `replacement`. #}
{% macro replaced_everywhere(expression, pattern, replacement) %}{{ adapter.dispatch('replaced_everywhere', 'spark9')(expression, pattern, replacement) }}{% endmacro %}
{% macro duckdb__replaced_everywhere(expression, pattern, replacement) %}regexp_replace({{ expression }}, {{ text_literal(pattern) }}, {{ text_literal(replacement) }}, 'g'){% endmacro %}
{% macro snowflake__replaced_everywhere(expression, pattern, replacement) %}regexp_replace({{ expression }}, {{ text_literal(pattern) }}, {{ text_literal(replacement) }}){% endmacro %}

{# Whole seconds from the timestamp `earlier` to `later`, parts of a second left away. #}
{% macro seconds_between(earlier, later) %}{{ adapter.dispatch('seconds_between', 'spark9')(earlier, later) }}{% endmacro %}
{% macro duckdb__seconds_between(earlier, later) %}date_sub('second', {{ earlier }}, {{ later }}){% endmacro %}
{#- datediff counts how often the second changes, so whole seconds are taken from milliseconds -#}
{% macro snowflake__seconds_between(earlier, later) %}cast(floor(datediff(millisecond, {{ earlier }}, {{ later }}) / 1000) as bigint){% endmacro %}
