"""The area customer 360: customers and transactions: generation, models, churn model, checks and reports."""
