"""Airflow with the project's DAG."""
