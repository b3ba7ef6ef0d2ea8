{# An expression of SQL in lines of about 100 characters, so that compiled models can be read. Lines break between words, and within
   literals that are longer than a line.
   Arguments: sql (text, without comments), indent (integer): where its first line begins; the others begin four further; name (string):
     what the expression is called, none for no name.
   Returns: the same expression (text).
   Example: {{ folded(parse_cell('clicks__cell', 'integer', 'point'), 8, 'clicks__value') }} #}
{% macro folded(sql, indent, name=none) %}
  {%- set sql = sql | trim -%}
  {%- set alias = ' as ' ~ name if name else '' -%}
  {%- if sql | length + alias | length + indent <= 104 and '\n' not in sql -%}{% do return(sql ~ alias) %}{%- endif -%}
  {%- set next = '\n' ~ ' ' * (indent + 4) -%}
  {%- set width = 100 - indent -%}
  {%- set out = namespace(text='', room=width + 4, glue='', in_literal=false) -%}
  {%- for part in sql.split("'") -%}
    {%- set is_literal = loop.index0 % 2 == 1 -%}
    {%- set words = [part] if is_literal else part.replace('\n', ' ').split(' ') -%}
    {%- set most = [out.room - 2, 4] | max if out.in_literal else width - 8 -%}
    {%- if is_literal and part | length > most -%}
      {#- an escaped character stays whole -#}
      {%- set first = modules.re.match('(?s)(?:\\\\.|.){1,' ~ most ~ '}', part).group() -%}
      {%- set rest = modules.re.findall('(?s)(?:\\\\.|.){1,' ~ (width - 8) ~ '}', part[first | length:]) -%}
      {%- set words = [([first] + rest) | join("'" ~ next ~ "|| '")] -%}
    {%- endif -%}
    {%- for word in words if word or is_literal -%}
      {%- set word = "'" ~ word ~ "'" if is_literal else word -%}
      {%- set glue = ' ' if not loop.first or (not is_literal and part[0] in ' \n') else out.glue -%}
      {%- set length = word.split('\n')[0] | length + glue | length -%}
      {%- if length > out.room and (glue or is_literal) and not (is_literal and out.in_literal) -%}
        {%- set out.text = out.text ~ next ~ word -%}
        {%- set out.room = width - length + glue | length -%}
      {%- else -%}
        {%- set out.text = out.text ~ glue ~ word -%}
        {%- set out.room = out.room - length -%}
      {%- endif -%}
      {%- if '\n' in word -%}{%- set out.room = width - word.split('\n') | last | trim | length -%}{%- endif -%}
    {%- endfor -%}
    {%- set out.glue = ' ' if not is_literal and part[-1:] in (' ', '\n') and part else '' -%}
    {%- set out.in_literal = is_literal or (part == '' and out.in_literal) -%}
  {%- endfor -%}
  {% do return(out.text ~ (next ~ alias | trim if alias | length > out.room else alias)) %}
{% endmacro %}
