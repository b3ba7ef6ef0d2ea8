"""The area customer 360: customers and transactions, generated, loaded, built, trained on, checked and reported."""
