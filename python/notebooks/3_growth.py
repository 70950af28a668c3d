# %% [markdown]
# # 3 · Growth, and what to buy
#
# A cluster of ten nodes in three zones survives any single loss today. How far may it grow until it
# does not? And then: more nodes, or larger ones?

# %%
from pathlib import Path

import altair as alt
import polars as pl

import podfit

cluster = podfit.Cluster.from_yaml(Path("../../examples/clusters/ten-node-zones.yaml"))
names = [node.name for node in cluster.nodes]
audit = cluster.audit()
print(audit.verdict, "·", audit.why)

# %% [markdown]
# ## How far may requests grow?
#
# A scenario is what is different, then what is lost: each growth with each single loss.

# %%
growth = list(range(100, 132, 2))
grid = [
    podfit.Scenario(id=f"{percent}", fail=(name,), edits=({"op": "scale-requests", "percent": percent},), predict=0)
    for percent in growth
    for name in names
]
rows = podfit.sweep(cluster, grid).collect().to_polars()
rows = rows.with_columns(
    pl.col("id").cast(pl.Int64).alias("growth"),
    pl.Series("lost", [s.fail[0] for s in grid]),
    (pl.col("counts.pending") + pl.col("pendingBefore")).alias("without a place"),
)
worst = (
    rows.group_by("growth")
    .agg(pl.col("without a place").max(), pl.col("good").all().alias("survives N-1"))
    .sort("growth")
)
worst

# %%
alt.Chart(rows.select("growth", "lost", "without a place")).mark_rect().encode(
    x=alt.X("growth:O", title="requests, percent of now"),
    y=alt.Y("lost:N", title="node lost"),
    color=alt.Color("without a place:Q", scale=alt.Scale(scheme="reds", domainMin=0), title="pods without a place"),
    tooltip=["growth", "lost", "without a place"],
).properties(title="N-1 under growth", width=420)

# %% [markdown]
# Where it breaks first:

# %%
good = worst.filter(pl.col("without a place") == 0)["growth"]
limit = int(good.max())
print(f"N-1 holds up to {limit} % of today's requests")
assert 100 <= limit < 130

# %% [markdown]
# ## What to buy for 20 % more
#
# Some offers: nodes like those there are, in one zone or in each, or more in every node. Constraints
# decide as well as sums: pods spread over zones, so a node in one zone does not help the others.

# %%
grown = cluster.edited({"op": "scale-requests", "percent": 120})


def nodes(*like: str) -> list[dict]:
    return [{"op": "copy-node", "node": name, "count": 1} for name in like]


def larger(**add: str) -> list[dict]:
    return [{"op": "enlarge-node", "node": name, "add": add} for name in names]


offers = {
    "nothing": [],
    "a node in zone-b": nodes("node-05"),
    "two nodes in zone-b": nodes("node-05", "node-06"),
    "a node in each zone": nodes("node-01", "node-05", "node-08"),
    "4 GiB in each node": larger(memory="4Gi"),
    "8 GiB in each node": larger(memory="8Gi"),
    "2 cores, 8 GiB in each": larger(cpu="2", memory="8Gi"),
}
asked = [
    podfit.Scenario(id=offer, fail=(name,), edits=tuple(edits), predict=0)
    for offer, edits in offers.items()
    for name in names
]
bought = podfit.sweep(grown, asked).collect().to_polars()
table = (
    bought.with_columns((pl.col("counts.pending") + pl.col("pendingBefore")).alias("missing"))
    .group_by("id", maintain_order=True)
    .agg(pl.col("missing").max().alias("pods without a place, worst loss"))
)
assert bought["verdict"].null_count() == 0
assert table.filter(pl.col("id") == "nothing")["pods without a place, worst loss"][0] > 0
table

# %%
alt.Chart(table).mark_bar().encode(
    x=alt.X("pods without a place, worst loss:Q", axis=alt.Axis(format="d", tickMinStep=1)),
    y=alt.Y("id:N", sort=None, title="bought"),
    color=alt.condition("datum['pods without a place, worst loss'] > 0", alt.value("#c62828"), alt.value("#2e7d32")),
).properties(title="What to buy for 120 % and N-1", width=420)

# %% [markdown]
# ## One of them in detail
#
# The nodes before and after the worst loss, as a chart of the report itself.

# %%
worst_loss = rows.filter(pl.col("growth") == 120).sort("without a place", descending=True)["lost"][0]
grown.what_if(worst_loss, predict=0).plot()
