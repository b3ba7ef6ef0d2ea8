{# Characters without a width that change no meaning: zero-width spaces, soft hyphens, byte-order marks and marks of the direction.
   Returns: the characters as inside a regular expression's [] (string).
   Example: {{ text_matches('cell_3', '.*[' ~ invisible_characters() ~ '].*') }} #}
{% macro invisible_characters() %}{% do return("\u00ad\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff") %}{% endmacro %}
