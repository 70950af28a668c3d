# %% [markdown]
# # 4 · A sweep on Dask
#
# The same sweep as on this machine's processors, on the workers of a Dask cluster: any
# `concurrent.futures.Executor` will do. The cluster is sent to each worker once, scenarios go in
# batches, rows come as they are done.

# %%
import time
from pathlib import Path

import polars as pl
from distributed import Client, LocalCluster

import podfit

cluster = podfit.Cluster.from_yaml(Path("../../examples/clusters/ten-node-zones.yaml"))
names = [node.name for node in cluster.nodes]

# %% [markdown]
# Scenarios as a table, a row each: pairs of nodes that fail together, and growth.

# %%
scenarios = pl.DataFrame(
    [
        {"id": f"{a}+{b} {percent}", "fail": [a, b], "scale_requests": percent, "seed": percent, "predict": 20}
        for i, a in enumerate(names)
        for b in names[i + 1 :]
        for percent in (90, 100, 110)
    ]
)
scenarios.head()

# %% [markdown]
# On Dask. Replace the `LocalCluster` by your own.

# %%
with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as local, Client(local) as client:
    run = podfit.sweep(cluster, scenarios, executor=client.get_executor(), workers=2)
    first = next(run)
    print("first row:", first.id, first.verdict)
    start = time.perf_counter()
    rows = [first, *run]
    print(f"{len(rows)} scenarios, {time.perf_counter() - start:.1f} s; the cluster was sent {run.shipped} times")

# %% [markdown]
# The rows are the same as on threads, whatever the order in which they were done.

# %%
here = podfit.sweep(cluster, scenarios).collect()
assert sorted(rows, key=lambda row: row.index) == list(here)

# %%
frame = here.to_polars().with_columns(scenarios["scale_requests"].alias("growth"))
frame.group_by("growth", "verdict").agg(pl.len().alias("pairs")).sort("growth", "verdict")

# %% [markdown]
# The worst pairs as things stand:

# %%
columns = ["id", "verdict", "counts.pending", "why.text"]
frame.filter(pl.col("growth") == 100).sort("counts.pending", descending=True).select(columns).head(5)
