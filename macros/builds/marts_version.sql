{# What marts are made of: the SQL of all of them, the vars that it names, macros of the project, seeds, and how far each client's log is.
   Arguments: models (list of strings): each mart as it stands in its file, in the order of the files. seeds (list of strings): checksums of
     the seeds as they are in the warehouse, in the order of the files. steps (list of strings): from mart_steps_sql().
   Returns: 32 hexadecimal digits (string).
   Example: {{ marts_version(['select 1 as one'], [], ['client_acme_meta_2024 2026-01-31 08:00:00']) }} #}
{% macro marts_version(models, seeds, steps) %}
  {%- set sql, values = models | map('trim') | join('\n'), {'as_of_date': var('as_of_date')} -%}
  {%- for name in modules.re.findall('var\\(\\s*.(\\w+)', sql) -%}{%- do values.update({name: var(name, '')}) -%}{%- endfor -%}
  {% do return(local_md5([sql, values | dictsort, code_version('marts'), seeds, steps] | string)) %}
{% endmacro %}
