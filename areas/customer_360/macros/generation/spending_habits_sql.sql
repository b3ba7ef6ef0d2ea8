{# Fill bronze.spending_habits: for each segment 256 equally likely kinds of purchase, so that the generator finds merchant, category, usual
   amount and channel of a purchase by one join.
   Arguments: table (relation).
   Returns: statements (text), each ended by a semicolon; running them again changes nothing.
   Example: {{ spending_habits_sql('bronze.spending_habits') }} #}
{% macro spending_habits_sql(table) %}
delete from {{ table }};

insert into {{ table }} (habit, merchant_name, merchant_category, median_cents, spread, online_below, in_store_below)
values
{%- for segment in spending_segments() %}
{%- set number = loop.index0 %}
{%- set slots = namespace(weights=0, before=0, first=true) %}
{%- for category in merchant_categories() %}{% set slots.weights = slots.weights + category.share %}{% endfor %}
{%- for category in merchant_categories() %}
{%- set share = segment.travel * 10000 if category.name == 'Travel' else (100 - segment.travel) * 10000 * category.share // slots.weights %}
{%- set first = slots.before * 256 // 1000000 %}
{%- set slots.before = slots.before + share %}
{%- set next = 256 if loop.last else slots.before * 256 // 1000000 %}
{%- for slot in range(first, next) %}
{{ "," if number or slot }}({{ number * 256 + slot }}, {{ text_literal(category.merchants[slot % 4]) }}, {{ text_literal(category.name) }}, {{ category.median * segment.scale // 100 }}, {{ (category.spread * 184665 + 500000) // 1000000 }}, {{ category.online * 128 // 100 }}, {{ (category.online + category.in_store) * 128 // 100 }})
{%- endfor %}
{%- endfor %}
{%- endfor %};
{% endmacro %}
