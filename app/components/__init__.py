"""What pages are put together from: words, messages, charts, tables; each draws what it is given and asks nothing."""
