"""What dbt makes of the rows: types, scores, claims, marts."""
