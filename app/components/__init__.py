"""The building blocks of pages: words, messages, charts, tables; each draws what it is given and queries nothing."""
