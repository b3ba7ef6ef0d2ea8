{{ config(
    materialized='ephemeral',
    meta={'version_of_rows': local_md5(code_example('rows') | trim), 'version_of_waves': local_md5(code_example('waves') | trim)},
) }}
select
    {{ text_literal(config.get('meta').version_of_rows) }} as version_of_rows,
    {{ text_literal(config.get('meta').version_of_waves) }} as version_of_waves
