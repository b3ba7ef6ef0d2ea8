{#
  Purpose: the statements that make a client's schema and the tables which the loader writes. docs/data_contract.md
    describes each column.
  Arguments: schema_name (string, from client_schema_name(), with the target's prefix).
  Returns: statements (text), each ended by a semicolon; running them again changes nothing.
  Example: {% do run_query(client_schema_ddl('client_acme_meta_2024')) %}
#}
{% macro client_schema_ddl(schema_name) %}
create schema if not exists {{ schema_name }};

create table if not exists {{ schema_name }}.raw_data_staging (
    load_id varchar not null,
    row_number bigint not null,
    wave_number integer not null,
    wave_name varchar,
    upload_timestamp timestamp not null,
    file_name varchar not null,
    raw_data {{ type_json() }} not null,
    row_kind varchar not null,
    processed_flag boolean not null,
    schema_version integer not null
);

create table if not exists {{ schema_name }}.wave_schema_mapping (
    load_id varchar not null,
    wave_number integer not null,
    ordinal integer,
    column_name varchar not null,
    column_type varchar not null,
    value_format varchar,
    is_required boolean not null,
    default_value varchar,
    mapping_rule varchar not null,
    target_column varchar not null,
    is_key boolean not null,
    filled_cells bigint,
    control_sum decimal(38, 8),
    reason varchar,
    decided_by varchar not null,
    updated_timestamp timestamp not null
);

create table if not exists {{ schema_name }}.processing_log (
    processing_timestamp timestamp not null,
    processing_stage varchar not null,
    status varchar not null,
    wave_number integer,
    load_id varchar,
    file_name varchar,
    file_hash varchar,
    row_count bigint,
    column_count integer,
    column_names {{ type_json() }},
    error_code varchar,
    error_message varchar,
    duration_seconds double
);

create table if not exists {{ schema_name }}.naming_keys (
    ad_set_name varchar not null,
    attributes {{ type_json() }} not null,
    load_id varchar not null,
    file_name varchar not null,
    row_number bigint not null,
    upload_timestamp timestamp not null
);
{% endmacro %}
