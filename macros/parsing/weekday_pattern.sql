{# The day of the week before a date, as in 'Tuesday, September 1, 2026' and 'Di., 1. Sept. 2026': its names in full and short in the
   languages of month_names(), with and without accents, and the space behind it. Source: the Unicode Common Locale Data Repository; a
   test compares them with the copy in Babel.
   Returns: a pattern of lower-cased text (string).
   Example: {{ text_replace('lower(cell_1)', '^' ~ weekday_pattern(), '') }} #}
{% macro weekday_pattern() %}
  {%- set names = [
    'segunda-feira', 'poniedziałek', 'quarta-feira', 'quinta-feira', 'sexta-feira', 'terca-feira', 'terça-feira',
    'donnerstag', 'cumartesi', 'donderdag', 'mercoledi', 'mercoledì', 'miercoles', 'miércoles', 'niedziela',
    'pazartesi', 'sonnabend', 'wednesday', 'carsamba', 'czwartek', 'dienstag', 'dimanche', 'domenica', 'mercredi',
    'mittwoch', 'persembe', 'perşembe', 'saturday', 'thursday', 'vendredi', 'woensdag', 'zaterdag', 'çarşamba',
    'dinsdag', 'domingo', 'freitag', 'giovedi', 'giovedì', 'maandag', 'martedi', 'martedì', 'samstag', 'sonntag',
    'tirsdag', 'torsdag', 'tuesday', 'venerdi', 'venerdì', 'viernes', 'vrijdag', 'fredag', 'friday', 'jueves',
    'lordag', 'lunedi', 'lunedì', 'lördag', 'lørdag', 'mandag', 'martes', 'monday', 'montag', 'måndag', 'onsdag',
    'piatek', 'piątek', 'sabado', 'sabato', 'samedi', 'sobota', 'sondag', 'sunday', 'sábado', 'söndag', 'søndag',
    'tisdag', 'wtorek', 'zondag', 'jeudi', 'lundi', 'lunes', 'mardi', 'niedz', 'pazar', 'sroda', 'thurs', 'środa',
    'cuma', 'salı', 'thur', 'tirs', 'tors', 'tues', 'weds', 'car', 'cmt', 'cum', 'czw', 'dim', 'dom', 'fre', 'fri',
    'gio', 'jeu', 'jue', 'lor', 'lun', 'lör', 'lør', 'man', 'mar', 'mer', 'mie', 'mié', 'mon', 'mån', 'ons', 'paz',
    'per', 'pon', 'pzt', 'qua', 'qui', 'sab', 'sal', 'sam', 'sat', 'seg', 'sex', 'sob', 'son', 'sun', 'sáb', 'sön',
    'søn', 'ter', 'thu', 'tis', 'tue', 'ven', 'vie', 'wed', 'çar', 'di', 'do', 'fr', 'ma', 'mi', 'mo', 'pt', 'sa',
    'so', 'sr', 'vr', 'wo', 'wt', 'za', 'zo', 'śr',
  ] -%}
  {% do return('(' ~ names | join('|') ~ ')[.]?,?[   ]+') %}
{% endmacro %}
