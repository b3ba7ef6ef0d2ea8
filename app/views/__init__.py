"""One module a page: it asks the desk and the queries, and draws components. Streamlit keeps `pages/` for itself."""
