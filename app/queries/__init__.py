"""What pages ask of the marts: one module a subject, each function one statement. No page has SQL of its own."""
