{# Tests that no question of a client's loads is open. Guards figures that could be other ones, as the load said, until a person has looked.
   Arguments: questions (the relation open_questions of one client).
   Returns: a select statement (text): one row a question, in the columns of combined_tests().
   Example: {{ no_question_is_open(source('client_acme_meta_2024', 'open_questions')) }} #}
{% macro no_question_is_open(questions) %}
select
    'no_question_is_open' as test_name,
    wave_number,
    load_id,
    kind || ' ' || question_id as subject,
    'settled, by: spark9 wave settle' as expected,
    question as found
from {{ questions }}
where settled_timestamp is null
{% endmacro %}
