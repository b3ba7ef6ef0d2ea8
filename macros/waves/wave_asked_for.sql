{# The wave that the var `wave` names, which is processed again, compiled or shown.
   Returns: int, or none without the var; raises an error if it is no whole number.
   Example: {% if wave_asked_for() is not none %}...{% endif %} #}
{% macro wave_asked_for() %}
  {%- set wave = var('wave', none) -%}
  {%- if wave is none -%}{% do return(none) %}{%- endif -%}
  {%- if not (wave | string).isdigit() -%}{%- do exceptions.raise_compiler_error("the var wave must be the number of a wave, not '" ~ wave ~ "'") -%}{%- endif -%}
  {% do return(wave | int) %}
{% endmacro %}

{# The selected clients that have no wave of a number.
   Arguments: wave (int).
   Returns: list of client schemas; raises an error that names the waves of each if no selected client with tables has it. #}
{% macro clients_without_wave(wave) %}
  {%- set clients, asked = [], [] -%}
  {%- for client_schema in clients_with_tables() if 'model.spark9.' ~ client_schema ~ '__typed_rows' in selected_resources or 'model.spark9.' ~ client_schema ~ '__processed_campaign_data' in selected_resources -%}
    {%- do clients.append(client_schema) -%}
    {%- do asked.append("select distinct '" ~ client_schema ~ "', wave_number from " ~ raw_schema(client_schema) | trim ~ '.wave_schema_mapping') -%}
  {%- endfor -%}
  {%- set waves, lacking, sentences = {}, [], [] -%}
  {%- for client_schema, number in (run_query(asked | join(' union all ') ~ ' order by 1, 2').rows if asked else []) -%}
    {%- do waves.setdefault(client_schema, []).append(number | int) -%}
  {%- endfor -%}
  {%- for client_schema in clients if wave not in waves.get(client_schema, []) -%}
    {%- set known = waves.get(client_schema, []) -%}
    {%- do lacking.append(client_schema) -%}
    {%- if known | length > 20 -%}
      {%- do sentences.append(client_schema ~ ' has ' ~ (known | length) ~ ' waves from ' ~ known[0] ~ ' to ' ~ known[-1]) -%}
    {%- else -%}
      {%- do sentences.append(client_schema ~ ' has ' ~ ((('waves ' if known | length > 1 else 'wave ') ~ known | join(', ')) if known else 'no wave')) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- if lacking and lacking | length == clients | length -%}
    {%- do exceptions.raise_compiler_error(
      'there is no wave ' ~ wave ~ '; ' ~ ('nothing was built. ' if flags.WHICH in ('run', 'build') else '') ~ sentences[:10] | join('; ')
      ~ ('; and ' ~ (sentences | length - 10) ~ ' more clients lack it' if sentences | length > 10 else '')
    ) -%}
  {%- endif -%}
  {% do return(lacking) %}
{% endmacro %}
