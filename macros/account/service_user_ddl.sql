{# The statements that make the service user of a job and give it its one role. It has no secondary roles: the roles of a job would else
   count for every session of a user who has them all. Its key is registered by an administrator.
   Arguments: job (string: a key of the dbt var snowflake.users), user (string).
   Returns: statements (text), each ended by a semicolon.
   Example: {{ service_user_ddl('loader', 'spark9_loader_service') }} #}
{% macro service_user_ddl(job, user) -%}
{%- set settings = 'default_role = ' ~ functional_role(job) ~ ' default_secondary_roles = () lock_timeout = ' ~ var('snowflake').lock_timeout_seconds -%}
create user if not exists {{ user }} type = service {{ settings }};
alter user {{ user }} set {{ settings }};
grant role {{ functional_role(job) }} to user {{ user }};
{% endmacro %}
