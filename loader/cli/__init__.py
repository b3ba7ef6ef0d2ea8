"""The command line: one module a group of commands; what they share is in commands.py, what they print in output.py.

It parses, calls the library and prints. It knows nothing of files, tables or SQL, and decides nothing: a web page or a
scheduled job that calls the same functions gets the same results.
"""
