{# A person of the registry as a user of the warehouse: in upper case, as Snowflake and single sign-on store names, and quoted, since an
   e-mail address is no plain name.
   Arguments: user_name (string).
   Returns: an identifier (text) that no content of user_name can leave.
   Example: grant role r to user {{ user_identifier('ann@example.com') }} #}
{% macro user_identifier(user_name) %}"{{ user_name | upper | replace('"', '""') }}"{% endmacro %}
