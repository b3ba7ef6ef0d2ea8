{# Each row of a source is in the model.
   Guards: merges, which would lose rows in silence.
   Arguments: model, column (string: of the model), source (relation), source_column (string).
   Shows: the values that are missing. #}
{% test every_row_is_in(model, column, source, source_column) %}
select {{ source_column }} as missing_value
from {{ source }}
where {{ source_column }} not in (select {{ column }} from {{ model }} where {{ column }} is not null)
{% endtest %}
