{# Stop a run with the var `wave` when no selected client has a wave of that number: nothing would be processed, and the run would be green. Where
   some have it, those that lack it are named, and keep their rows.
   Returns: nothing to run; logs a sentence, or raises an error that names the waves of each client.
   Example: on-run-start: ["{{ assert_wave_is_known() }}"] #}
{% macro assert_wave_is_known() %}
  {%- set wave = wave_asked_for() if execute and flags.WHICH in ('run', 'build') else none -%}
  {%- if wave is not none -%}
    {%- set lacking = clients_without_wave(wave) -%}
    {%- if lacking -%}
      {%- do log('wave ' ~ wave ~ ' is not of these clients, whose rows stay as they are: ' ~ lacking[:10] | join(', ') ~ (' and ' ~ (lacking | length - 10) ~ ' more' if lacking | length > 10 else ''), info=true) -%}
    {%- endif -%}
  {%- endif -%}
{% endmacro %}
