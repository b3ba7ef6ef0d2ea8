"""What runs the project on a schedule: the jobs of dbt Cloud, and what the workflows report."""
