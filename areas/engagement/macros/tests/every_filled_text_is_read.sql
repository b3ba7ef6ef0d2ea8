{# Each text that is there could be read as what its column is.
   Guards: nulls that nobody sees.
   Arguments: model, text (string: the column as it stood), value (string: the column that was read from it).
   Shows: the texts that could not, with how often each stands there. #}
{% test every_filled_text_is_read(model, text, value) %}
select
    {{ text }} as unread_text,
    count(*) as rows_with_it
from {{ model }}
where
    {{ value }} is null
    and nullif(trim({{ text }}), '') is not null
group by {{ text }}
{% endtest %}
