-- Generated from seeds/clients.csv by `spark9 client add`; do not edit (`spark9 client check` compares).
{{ wave_quality('client_nike_meta_2024') }}
