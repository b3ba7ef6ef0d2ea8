{# An expression of SQL in lines of about 100 characters, so that compiled models can be read. Lines break between words, and within
   literals that are longer than a line.
   Arguments: sql (text, without comments), indent (integer): where its first line begins; the others begin four further; name (string):
     what the expression is called, none for no name.
   Returns: the same expression (text).
   Example: {{ folded(parse_cell('clicks__cell', 'integer', 'point'), 8, 'clicks__value') }} #}
{% macro folded(sql, indent, name=none) %}
  {%- set sql = sql | trim ~ (' as ' ~ name if name else '') -%}
  {#- what ends a word or a line, and what stands for it in literals while words are put into lines -#}
  {%- set ends = ' \t\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029' -%}
  {%- set stand_ins = '\ue000\ue001\ue002\ue003\ue004\ue005\ue006\ue007\ue008\ue009\ue00a\ue00b' -%}
  {%- if sql | length + indent <= 104 and '\n' not in sql or modules.re.search('[\ue000-\ue00c]', sql) -%}{% do return(sql) %}{%- endif -%}
  {%- set width = 100 - indent -%}
  {%- set hidden = sql.maketrans(ends, stand_ins) -%}
  {%- set parts = [] -%}
  {%- for part in sql.replace("''", '\ue00c').split("'") -%}
    {%- if loop.index0 % 2 == 0 -%}
      {%- do parts.append(part.replace('\n', ' ')) -%}
    {%- else -%}
      {%- set part = part.translate(hidden) -%}
      {#- an escaped character stays whole -#}
      {%- do parts.append(part if part | length <= width - 8
        else "' || '".join(modules.re.findall('(?:\\\\.|.){1,' ~ (width - 8) ~ '}', part))) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- set lines = parts | join("'") | wordwrap(width, false, '\n' ~ ' ' * (indent + 4), false) -%}
  {% do return(lines.translate(sql.maketrans(stand_ins, ends)).replace('\ue00c', "''")) %}
{% endmacro %}
