"""Web pages over the same library and marts as the command line; no figure is computed here.

Views draw, `service.py` is the service layer they call, `queries/` reads the marts, and `jobs.py` has one process
change the warehouse; loader/areas.py adds the pages of subject areas.
"""
