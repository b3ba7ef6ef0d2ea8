"""One module a page: it asks the service and the queries, and draws components. Streamlit keeps `pages/` for itself."""
