{# Tests that each default which was written into wave_schema_mapping with SQL has become a decision. Guards empty cells that somebody believes to
   be filled: note_changes_by_hand() leaves a default alone that is no value of its column's type. Only the target that owns the raw rows takes
   defaults in; on any other one, one that is right would be told as wrong until production's next build, and nobody could settle it.
   Arguments: mapping (the relation wave_schema_mapping of one client).
   Returns: a select statement (text): one row a column and load, in the columns of combined_tests().
   Example: {{ defaults_are_of_their_type(source('client_acme_meta_2024', 'wave_schema_mapping')) }} #}
{% macro defaults_are_of_their_type(mapping) %}
select
    'defaults_are_of_their_type' as test_name,
    wave_number,
    load_id,
    column_name as subject,
    'a value of the type ' || column_type || ', which the next build of production takes in: correct default_value, or use '
    || 'spark9 mapping set --default' as expected,
    coalesce(default_value, 'none') as found
from {{ mapping }}
where mapping_rule = 'use_default_value' and {{ owns_raw_rows() }}
{% endmacro %}
