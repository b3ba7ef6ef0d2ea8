{# The one place where a name, header or `value` becomes a string literal of SQL, which no content can leave; none gives `null`. #}
{% macro text_literal(value) %}
  {%- if value is none -%}null{%- else -%}{{ adapter.dispatch('text_literal', 'spark9')(value) }}{%- endif -%}
{% endmacro %}
{% macro duckdb__text_literal(value) %}'{{ value | string | replace("'", "''") }}'{% endmacro %}
{#- A backslash begins an escape in Snowflake's literals. -#}
{% macro snowflake__text_literal(value) %}'{{ value | string | replace("\\", "\\\\") | replace("'", "''") }}'{% endmacro %}

{# A text literal in lines of at most 60 characters of `value` (text), each `indent` (integer) from the left, so that SQL with it can be read. #}
{% macro literal_in_lines(value, indent) %}
  {%- set lines = [] -%}
  {%- for line in modules.re.findall('(?s).{1,60}', value) -%}{%- do lines.append(text_literal(line)) -%}{%- endfor -%}
  {{- lines | join('\n' ~ ' ' * indent ~ '|| ') -}}
{% endmacro %}

{# Whether the text `expression` matches `pattern` (in the part that RE2 and Java share) from its first to its last character. #}
{% macro text_matches(expression, pattern) %}{{ adapter.dispatch('text_matches', 'spark9')(expression, pattern) }}{% endmacro %}
{% macro duckdb__text_matches(expression, pattern) %}regexp_full_match({{ expression }}, {{ text_literal(pattern) }}){% endmacro %}
{#- regexp_like() anchors the pattern at both ends; the brackets hold alternatives together. -#}
{% macro snowflake__text_matches(expression, pattern) %}regexp_like({{ expression }}, {{ text_literal('(' ~ pattern ~ ')') }}){% endmacro %}

{# The part of the text `expression` in the first pair of brackets of `pattern` (in the part that RE2 and POSIX share); null or empty
   where nothing matches. #}
{% macro text_part(expression, pattern) %}{{ adapter.dispatch('text_part', 'spark9')(expression, pattern) }}{% endmacro %}
{% macro duckdb__text_part(expression, pattern) %}regexp_extract({{ expression }}, {{ text_literal(pattern) }}, 1){% endmacro %}
{% macro snowflake__text_part(expression, pattern) %}regexp_substr({{ expression }}, {{ text_literal(pattern) }}, 1, 1, 'e', 1){% endmacro %}

{# The text `expression` with the `characters` alone that are named as inside a regular expression's []: text_keep('cell_3', '0-9.'). #}
{% macro text_keep(expression, characters) %}{{ adapter.dispatch('text_keep', 'spark9')(expression, characters) }}{% endmacro %}
{% macro duckdb__text_keep(expression, characters) %}regexp_replace({{ expression }}, {{ text_literal('[^' ~ characters ~ ']') }}, '', 'g'){% endmacro %}
{% macro snowflake__text_keep(expression, characters) %}regexp_replace({{ expression }}, {{ text_literal('[^' ~ characters ~ ']') }}, ''){% endmacro %}

{# The text `expression` with each part that matches `pattern` replaced by the text `other`. #}
{% macro text_replace(expression, pattern, other) %}{{ adapter.dispatch('text_replace', 'spark9')(expression, pattern, other) }}{% endmacro %}
{% macro duckdb__text_replace(expression, pattern, other) %}regexp_replace({{ expression }}, {{ text_literal(pattern) }}, {{ text_literal(other) }}, 'g'){% endmacro %}
{% macro snowflake__text_replace(expression, pattern, other) %}regexp_replace({{ expression }}, {{ text_literal(pattern) }}, {{ text_literal(other) }}){% endmacro %}

{# The text `expression` without the spaces around it, null where nothing else is in it. DuckDB looks at each character for a space
   of any language, which takes three times as long as to see that there is none to take off. #}
{% macro trimmed_cell(expression) %}{{ adapter.dispatch('trimmed_cell', 'spark9')(expression) }}{% endmacro %}
{% macro duckdb__trimmed_cell(expression) -%}
  case when starts_with({{ expression }}, ' ') or ends_with({{ expression }}, ' ') or strlen({{ expression }}) <> length({{ expression }}) then nullif(trim({{ expression }}), '') when {{ expression }} <> '' then {{ expression }} end
{%- endmacro %}
{% macro snowflake__trimmed_cell(expression) %}nullif(trim({{ expression }}), ''){% endmacro %}

{# Those of some text `expressions` (list, may be empty) that are not null, as the warehouse's own list; list_to_json() makes it a value
   to store. #}
{% macro text_list(expressions) %}{{ adapter.dispatch('text_list', 'spark9')(expressions) }}{% endmacro %}
{% macro duckdb__text_list(expressions) -%}
  {%- if expressions -%}
  list_filter([{{ expressions | join(', ') }}], lambda entry: entry is not null)
  {%- else -%}
  cast([] as varchar[])
  {%- endif -%}
{%- endmacro %}
{% macro snowflake__text_list(expressions) %}array_construct_compact({{ expressions | join(', ') }}){% endmacro %}

{# An aggregate: the texts of `expression` in alphabetical order, separated by commas. #}
{% macro text_list_of(expression) %}{{ adapter.dispatch('text_list_of', 'spark9')(expression) }}{% endmacro %}
{% macro duckdb__text_list_of(expression) %}string_agg({{ expression }}, ',' order by {{ expression }}){% endmacro %}
{% macro snowflake__text_list_of(expression) %}listagg({{ expression }}, ',') within group (order by {{ expression }}){% endmacro %}

{# The SHA-256 of the text `expression`, in lower-case hexadecimal digits. #}
{% macro sha256_of(expression) %}{{ adapter.dispatch('sha256_of', 'spark9')(expression) }}{% endmacro %}
{% macro duckdb__sha256_of(expression) %}sha256({{ expression }}){% endmacro %}
{% macro snowflake__sha256_of(expression) %}sha2({{ expression }}, 256){% endmacro %}
