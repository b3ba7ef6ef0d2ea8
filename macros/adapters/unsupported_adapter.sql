{#
  Purpose: stop with the name of the macro that the current warehouse lacks, instead of emitting wrong SQL.
  Arguments: macro_name (string): the public macro that was called.
  Returns: nothing; raises a compiler error.
  Example: {{ unsupported_adapter('type_json') }}
#}
{% macro unsupported_adapter(macro_name) %}
  {% do exceptions.raise_compiler_error(
    macro_name ~ " has no version for the warehouse '" ~ target.type ~ "': add macros/adapters/" ~ macro_name ~ ".sql " ~ target.type ~ "__" ~ macro_name
  ) %}
{% endmacro %}
