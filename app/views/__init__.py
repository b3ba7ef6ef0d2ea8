"""One module a page (Streamlit takes a folder `pages` for its own): it asks the desk and the queries, and draws components."""
