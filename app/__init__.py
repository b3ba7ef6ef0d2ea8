"""Web pages over the same library and marts as the command line; no figure is computed here.

Views show, `service.py` is what they may ask, `queries/` asks the marts, and `jobs.py` has one process change the
warehouse; `areas.py` is where another area of data comes in.
"""
