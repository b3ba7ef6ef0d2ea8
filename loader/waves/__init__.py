"""Operations on a wave: plan and load it, map its columns, correct it, roll it back, compare it, verify it.

It knows a client's tables and what an export holds. It must not print, must not know which warehouse it talks to, and
leaves metrics, scores and marts to dbt.
"""
