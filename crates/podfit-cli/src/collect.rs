//! What `podfit collect` prints.

/// The kubectl line, and the role it needs.
pub fn text() -> String {
    let (line, rules) = (podfit_api::kubectl_line(), podfit_api::role_rules());
    format!(
        "\
# Gather everything podfit looks at, in one file. It holds no secrets and no config maps, but names,
# labels, images and environment variables of pods: treat it as you treat those.
{line} > cluster.json

# Then, without any network:
#   podfit what-if cluster.json --fail NODE
#   podfit audit cluster.json

# If you may not read all of it, have this role bound to you (kubectl apply -f - as an administrator):
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: podfit-reader
rules:
{rules}---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: podfit-reader
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: podfit-reader
subjects:
  - kind: User
    name: YOUR-USER
    apiGroup: rbac.authorization.k8s.io
"
    )
}
