{# Tests that no question of a client's loads is open. Guards figures that could be other ones, as the load said, until a person has looked.
   Arguments: questions (the relation open_questions of one client), client_schema (string).
   Returns: a select statement (text): one row a question, in the columns of combined_tests().
   Example: {{ no_question_is_open(source('client_acme_meta_2024', 'open_questions'), 'client_acme_meta_2024') }} #}
{% macro no_question_is_open(questions, client_schema) %}
{%- set client = registered_clients() | selectattr('client_schema', 'equalto', client_schema) | first %}
{%- set word = client.client ~ '/' ~ client.platform ~ '/' ~ client.year %}
select
    'no_question_is_open' as test_name,
    wave_number,
    load_id,
    kind || ' ' || question_id as subject,
    'settled, by: spark9 wave settle --client {{ word }} --wave ' || cast(wave_number as varchar) || ' --question ' || question_id
    || ' --answer ...' as expected,
    question as found
from {{ questions }}
where settled_timestamp is null
{% endmacro %}
