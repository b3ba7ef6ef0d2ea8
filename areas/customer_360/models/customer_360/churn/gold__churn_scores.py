"""Train the churn model on earlier days, evaluate it on later ones, and score the current customers.

A dbt Python model: DuckDB runs it in dbt's own process, Snowflake as Snowpark. docs/churn_model.md is its model card.
"""

import hashlib
import os

# before OpenMP is loaded: threads that wait for each other give their core away, where others work on the machine too
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

# what is known of a customer on a day, by the label of the reason
REASONS = {
    "time since the last purchase": ("recency_days", "recency_in_gaps", "recency_in_usual_gaps"),
    "number of purchases": ("purchases_30", "purchases_60", "purchases_90"),
    "trend of purchases": ("purchases_30_to_90", "purchases_90_to_180"),
    "amount spent": ("spend_30", "spend_60", "spend_90", "average_amount_90"),
    "trend of spend": ("spend_30_to_90", "spend_90_to_180"),
    "declined transactions": ("declined_90",),
    "what is bought and where": ("travel_share_90", "online_share_90"),
    "use of the credit limit": ("credit_use_30", "credit_limit"),
    "age of the account": ("tenure_days",),
    "card": ("card_code",),
    "segment": ("segment_code",),
}
FEATURES = [name for names in REASONS.values() for name in names]
CARDS = ["Classic", "Gold", "Platinum"]
SEGMENTS = ["High-Value Travelers", "Stable Mid-Spenders", "Budget-Conscious", "Declining", "New & Growing"]
# blocks of thirty days back: judged days have their sixty days behind them, and what is learned from has them before
# the first judged day
JUDGED, LEARNED_FROM = (2, 3), 5
PARAMETERS = {
    "max_iter": 150,
    "learning_rate": 0.05,
    "max_leaf_nodes": 15,
    "min_samples_leaf": 30,
    "l2_regularization": 5.0,
}
SEED = 42
# more than 50,000 customers have in eight days; of more, a sample is learned from
_ROWS_LEARNED = 400_000


def prepared(frame: pd.DataFrame) -> pd.DataFrame:
    """The features as numbers, in an order that does not depend on the warehouse's."""
    named = frame.assign(
        card_code=frame["card_type"].map({name: at for at, name in enumerate(CARDS)}),
        segment_code=frame["segment"].map({name: at for at, name in enumerate(SEGMENTS)}),
    )
    # half the memory; seven digits are more than the features have
    narrow = named[["customer_id", "as_of_day", "block", "is_churned"]].assign(
        **{name: named[name].astype("float32") for name in FEATURES}
    )
    return narrow.sort_values(["as_of_day", "customer_id"], ignore_index=True)


def trained(learned: pd.DataFrame, labels: pd.Series, seed: int) -> tuple:
    """The model and the logistic regression beside it, both from the same rows."""
    model = HistGradientBoostingClassifier(random_state=seed, early_stopping=False, **PARAMETERS)
    logistic = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500))
    return model.fit(learned[FEATURES], labels), logistic.fit(learned[FEATURES].fillna(0.0), labels)


def explained(model: HistGradientBoostingClassifier, rows: pd.DataFrame, usual: pd.Series) -> pd.DataFrame:
    """The three groups of features that raise each row's log-odds most, against a usual customer's values."""
    standing = model.decision_function(rows[FEATURES])
    weights = {}
    for reason, names in REASONS.items():
        changed = rows[FEATURES].copy()
        for name in names:
            changed[name] = usual[name]
        weights[reason] = standing - model.decision_function(changed)
    table = pd.DataFrame(weights, index=rows.index)
    order = np.argsort(-table.to_numpy(), axis=1)[:, :3]
    names = table.columns.to_numpy()
    found = {}
    for place in range(3):
        at = order[:, place]
        weight = table.to_numpy()[np.arange(len(table)), at]
        found[f"reason_{place + 1}"] = np.where(weight > 0, names[at], None)
        found[f"weight_{place + 1}"] = np.where(weight > 0, weight.round(4), np.nan)
    return pd.DataFrame(found, index=rows.index)


def run_id_of(frame: pd.DataFrame, seed: int) -> str:
    """The run's number: the same for the same data, seed and parameters, so that training again changes nothing."""
    rows = pd.util.hash_pandas_object(frame[["customer_id", "block", *FEATURES]], index=False)
    digest = hashlib.sha256(rows.to_numpy().tobytes())
    digest.update(repr((seed, PARAMETERS, FEATURES, JUDGED, LEARNED_FROM)).encode())
    return digest.hexdigest()[:16]


def scored(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Judged rows and those of the latest day, with what each model says of them."""
    ordered = prepared(frame)
    learned = ordered[ordered["block"] >= LEARNED_FROM]
    labels = learned["is_churned"].astype(bool)
    if labels.nunique() < 2:
        raise ValueError(
            f"{len(learned)} rows of days that are over have no two outcomes to learn from; "
            "generate more months or customers"
        )
    model, logistic = trained(learned, labels, seed)
    wanted = ordered[ordered["block"].isin([0, *JUDGED])].copy()
    wanted["split"] = np.where(wanted["block"] == 0, "current", "judged")
    wanted["churn_probability"] = model.predict_proba(wanted[FEATURES])[:, 1].round(6)
    wanted["logistic_probability"] = logistic.predict_proba(wanted[FEATURES].fillna(0.0))[:, 1].round(6)
    current = wanted[wanted["block"] == 0]
    reasons = explained(model, current, learned[FEATURES].median())
    result = wanted[
        ["customer_id", "as_of_day", "split", "is_churned", "churn_probability", "logistic_probability", "recency_days"]
    ].join(reasons)
    result["is_churned"] = result["is_churned"].map({True: 1, False: 0}).astype("Int64")
    result["model_run_id"] = run_id_of(ordered, seed)
    result["seed"] = seed
    result["parameters"] = repr(PARAMETERS)
    result["learned_rows"] = len(learned)
    result["learned_first_day"] = learned["as_of_day"].min()
    result["learned_last_day"] = learned["as_of_day"].max()
    return result.reset_index(drop=True)


def sampled(features):
    """The rows that are needed, as a frame: all judged and current ones, and of those to learn from what fits.

    Whole customers are left out, so that the rest is as it was; the same ones each time.
    """
    is_duckdb = hasattr(features, "df")
    to_learn = features.filter(f"block >= {LEARNED_FROM}")
    count = to_learn.count("*").fetchall()[0][0] if is_duckdb else to_learn.count()
    thousandths = min(1000, max(1, 1000 * _ROWS_LEARNED // max(1, count)))
    needed = ", ".join(map(str, (0, *JUDGED)))
    rows = features.filter(
        f"block in ({needed}) or (block >= {LEARNED_FROM} and customer_id * 48271 % 2147483647 % 1000 < {thousandths})"
    )
    frame = rows.df() if is_duckdb else rows.to_pandas()
    frame.columns = [name.lower() for name in frame.columns]
    return frame


def model(dbt, session):  # noqa: ARG001 - dbt hands both in
    """The scores as a table; what dbt calls."""
    dbt.config(materialized="table", packages=["scikit-learn", "pandas", "numpy"], python_version="3.11")
    features = dbt.ref("gold__churn_features")
    result = scored(sampled(features), SEED)
    # Snowpark keeps the case of a frame's names, and what SQL does not quote is upper case
    return result if hasattr(features, "df") else result.rename(columns=str.upper)
