"""The area engagement: customers and clickstream, joined with the waves' campaigns."""
