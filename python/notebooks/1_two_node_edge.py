# %% [markdown]
# # 1 · A two-node edge from nothing
#
# You are about to put a few applications on an edge device with two nodes (Azure Stack Edge Pro GPU).
# Will they still run when one node is gone? podfit knows the device's machines from its catalogue;
# only the applications are told here.

# %%
import podfit

edge = podfit.Cluster.from_device(
    "pro-gpu",
    nodes=2,
    kubelet_reserve={"cpu": "100m", "memory": "500Mi"},
    workloads=[
        # camera and dashboard run on both nodes, the others on A alone
        {"name": "camera", "replicas": 2, "runs_on": ["A", "B"], "cpu": 2, "memory": "6Gi"},
        {"name": "detector", "replicas": 1, "runs_on": ["A"], "cpu": 2, "memory": "8Gi", "gpu": 0.5},
        {"name": "historian", "replicas": 1, "runs_on": ["A"], "cpu": 1, "memory": "9Gi"},
        {"name": "dashboard", "replicas": 3, "runs_on": ["A", "B", "B"], "cpu": 0.5, "memory": "3Gi"},
    ],
)
edge

# %% [markdown]
# The catalogue gives the machines: a highly available master machine, and a worker machine on each
# node that is pinned to it.

# %%
for host in edge.device.hosts:
    for machine in host.before:
        vcpu, gib = machine.size.vcpu_milli / 1000, machine.size.memory_bytes / 2**30
        print(f"{host.name}: {machine.name}, {vcpu:g} vCPU, {gib:g} GiB")

# %% [markdown]
# ## What if node A fails?

# %%
result = edge.what_if("A")
result

# %% [markdown]
# It does not fit, and that is a proof: the sum of what is needed is more than worker-b has. The
# report also says what the least addition would be, and carries the edit that makes it so.

# %%
assert result.verdict == "does-not-fit"
addition = result.cause.additions[0]
print(addition.text, "·", dict(addition.edits[0]))

# %% [markdown]
# The worker machine may be resized (15 to 60 % of the node is recommended). Give worker-b that much,
# and ask again.

# %%
larger = edge.edited(addition.edits)
larger.what_if("A")

# %% [markdown]
# ## Every single loss
#
# The hosts of the device, and each of its Kubernetes nodes. The loss of B is still open:

# %%
larger.audit()

# %% [markdown]
# So worker-a needs as much: what the report of that loss suggests, carried out on top.

# %%
both = larger.edited(larger.what_if("B").cause.additions[0].edits)
audit = both.audit()
assert all(case.counts.pending == 0 for case in audit.cases)
audit

# %% [markdown]
# ## And without buying
#
# What is the least to leave out, if nothing may be added?

# %%
for drop in result.cause.drops:
    print(drop.text)

# %% [markdown]
# Or leave room from the start: the lints say what is less available than it looks.

# %%
both.lint()
