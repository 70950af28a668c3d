# %% [markdown]
# # 2 · A kubectl dump: N-1, why, and the fix
#
# ```sh
# podfit collect   # prints the kubectl line that gathers what podfit reads
# ```
#
# One file in, the answers out; nothing leaves this machine.

# %%
from pathlib import Path

import podfit

dump = Path("../../examples/clusters/two-node-edge.kubectl.json")
cluster = podfit.Cluster.from_kubectl(dump)
cluster

# %% [markdown]
# What was supposed when reading, and what bears on placement but could not be judged, is said:

# %%
for line in cluster.assumptions:
    print("assumed:", line)
for line in cluster.not_evaluated:
    print("not evaluated:", line)

# %% [markdown]
# ## Which single losses does it survive?

# %%
audit = cluster.audit()
audit

# %% [markdown]
# ## Why not `worker-a`?
#
# Each pod has a verdict and a reason.

# %%
result = cluster.what_if("worker-a")
result

# %%
for pod in result.pods.where(verdict="pending"):
    print(f"{pod.namespace}/{pod.name}\n    {pod.reason}")

# %% [markdown]
# ## The nearest fix of each
#
# `explain` looks for one step that gives a pod its place, tried in the model before it is told.

# %%
explained = cluster.explain(fail="worker-a")
for pod in explained.pods:
    fixes = [fix.text for fix in pod.fixes] or ["no fix of one step"]
    print(f"{pod.name}: {'; '.join(fixes)}")

# %% [markdown]
# Carry out the first fix of every pod that has one, and ask again: a fix is data.

# %%
edits = [edit for pod in explained.pods for fix in pod.fixes[:1] for edit in fix.edits]
fixed = cluster.edited(edits)
before, after = result.counts, fixed.what_if("worker-a").counts
print(f"without a place: {before.pending} before, {after.pending} after {len(edits)} edits")
assert after.pending < before.pending

# %% [markdown]
# The pods left need a decision: a volume that both nodes reach, a preferred anti-affinity instead of
# a required one.

# %%
for finding in cluster.lint().lints:
    print(f"{finding.severity:8} {finding.code:30} {finding.subject}")

# %% [markdown]
# ## As tables
#
# Lists of a report are Arrow tables: polars, pyarrow and DuckDB read them as they are.

# %%
import polars as pl

pods = result.pods.to_polars()
memory = (pl.col("requests.memory").sum() / 2**30).alias("memory, GiB")
pods.group_by("namespace", "verdict").agg(pl.len().alias("pods"), memory).sort("namespace", "verdict")
