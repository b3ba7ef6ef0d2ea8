{# After a build, note in the log of each client how its tests ended: TEST where client_integrity passed, and BUILD where there was no warning
   either, as of the moment before the first node, so that `spark9 build` knows what it need not do again. Only what is not noted yet, and
   only where the target owns the raw rows.
   Arguments: results (list): what dbt hands to on-run-end.
   Returns: nothing; inserts one or two rows a client that had anything new.
   Example: on-run-end: ["{{ note_builds(results) }}"] #}
{% macro note_builds(results) %}
  {%- if execute and flags.WHICH == 'build' and owns_raw_rows() and not is_partial_run() -%}
    {%- set started = first_node_started(results) -%}
    {%- set outcomes = {} -%}
    {%- for result in results if '__' in result.node.name -%}
      {%- do outcomes.update({result.node.name: result.status | string}) -%}
    {%- endfor -%}
    {%- for client_schema in clients_with_tables() if not is_idle(client_schema) -%}
      {%- set passed = [
        outcomes.get(client_schema ~ '__processed_campaign_data') == 'success',
        outcomes.get(client_schema ~ '__wave_quality') == 'success',
        'pass' in (outcomes.get(client_schema ~ '__client_integrity'), outcomes.get(client_schema ~ '__every_claim_holds')),
      ] | min -%}
      {%- if passed -%}
        {%- set is_clean = 'pass' in (outcomes.get(client_schema ~ '__client_quality'), outcomes.get(client_schema ~ '__nothing_is_doubtful')) -%}
        {%- do run_query(note_build_sql(
          raw_schema(client_schema) | trim ~ '.processing_log',
          build_fingerprint(client_schema) if is_clean else none,
          (modules.datetime.datetime.now(modules.pytz.utc).replace(tzinfo=none) - started).total_seconds(),
        )) -%}
      {%- endif -%}
    {%- endfor -%}
  {%- endif -%}
{% endmacro %}
