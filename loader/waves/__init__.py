"""Operations on a wave: plan and load it, map its columns, correct it, reprocess it, roll it back.

It knows a client's tables and what an export holds. It must not print, must not know which warehouse it talks to, and
leaves metrics, scores and marts to dbt.
"""
