{# How an id looks with what bulk exports and APIs put before it, Meta 'cg:1202' (campaign), 'c:1202' or 'as:1202' (ad set), 'a:1202' (ad) and
   's:1202', LinkedIn 'urn:li:sponsoredCampaign:123', or with the dashes of Google's, 206-612-3456.
   Returns: a pattern of the whole cell (string); the id is its digits.
   Example: {{ text_matches('cell_3', prefixed_id_pattern()) }} #}
{% macro prefixed_id_pattern() %}{% do return('((cg|c|as|a|s)|urn:li:[A-Za-z]+):[0-9]+|[0-9]{3}-[0-9]{3}-[0-9]{4}') %}{% endmacro %}
