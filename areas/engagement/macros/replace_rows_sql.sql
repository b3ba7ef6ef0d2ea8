{# The frame of this area's incremental strategies: some rows of a table go, and those of the build come in their place, in one transaction.
   Arguments: arg_dict (mapping that dbt gives a strategy: target_relation, temp_relation, dest_columns, ...), condition (text: of the rows
     that go).
   Returns: statements (text).
   Example: {% do return(replace_rows_sql(arg_dict, "session_date = current_date")) %} #}
{% macro replace_rows_sql(arg_dict, condition) %}
  {%- set columns = arg_dict.dest_columns | map(attribute='quoted') | join(', ') -%}
  {%- set statements -%}
    delete from {{ arg_dict.target_relation }}
    where {{ condition }};

    insert into {{ arg_dict.target_relation }} ({{ columns }})
    select {{ columns }} from {{ arg_dict.temp_relation }};
  {%- endset -%}
  {% do return(in_client_transaction(statements, none)) %}
{% endmacro %}
