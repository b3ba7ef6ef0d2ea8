{# The defaults that somebody wrote into wave_schema_mapping with SQL, as the design has it: mapping_rule 'use_default_value'.
   Arguments: schema_name (string): of the client.
   Returns: list of {wave, column, target, type, default, is_required, in_file (bool), until (the first later wave with a rule of its own, or
     none), is_valid (bool: the default is a value of its type)}.
   Example: {% for decision in default_decisions('client_acme_meta_2024') %}{{ decision.column }}{% endfor %} #}
{% macro default_decisions(schema_name) %}
  {%- set query -%}
    select distinct
      made.wave_number, made.column_name, made.target_column, made.column_type, made.default_value, made.is_required,
      case when made.ordinal is null then 0 else 1 end as in_file,
      (
        select min(rules.from_wave) from {{ schema_name }}.column_rules as rules
        where lower(rules.column_name) = lower(made.column_name) and rules.from_wave > made.wave_number
      ) as until_wave
    from {{ schema_name }}.wave_schema_mapping as made
    where made.mapping_rule = 'use_default_value'
  {%- endset -%}
  {%- set decisions = [] -%}
  {%- for wave, column, target, type, default, is_required, in_file, until in run_query(query).rows -%}
    {%- set read = parse_cell(text_literal(default), type, default_format(type)) -%}
    {%- do decisions.append({
      'wave': wave | int, 'column': column, 'target': target, 'type': type, 'default': default, 'is_required': is_required,
      'in_file': in_file == 1, 'until': until, 'is_valid': default is not none and run_query('select ' ~ read ~ ' as value').rows[0][0] is not none,
    }) -%}
  {%- endfor -%}
  {% do return(decisions) %}
{% endmacro %}
