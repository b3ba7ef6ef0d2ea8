"""The area customer 360: customers and transactions of a card issuer, generated, loaded, built, trained on, checked and reported."""
