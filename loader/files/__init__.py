"""An export: from a file in whatever form to rows, each cell as text, and a profile of what its columns hold.

It knows files, headers and number formats. It must not know clients, waves or a warehouse, so that any file can be read
and inspected without one.
"""
