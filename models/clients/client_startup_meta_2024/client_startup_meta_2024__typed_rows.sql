-- Generated from seeds/clients.csv by `spark9 client add`; do not edit (`spark9 client check` compares).
{{ typed_rows('client_startup_meta_2024') }}
