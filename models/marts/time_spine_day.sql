select {{ add_days("cast(" ~ text_literal(var('time_spine').first_day) ~ " as date)", 'number') }} as date_day
from ({{ numbers(var('time_spine').days | int) }}) as counted
