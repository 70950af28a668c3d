//! What `podfit collect` prints.

/// The kubectl line, and the role it needs.
pub const TEXT: &str = "\
# Gather everything podfit looks at, in one file. It holds no secrets and no config maps, but names,
# labels, images and environment variables of pods: treat it as you treat those.
kubectl get nodes,pods,pv,pvc,sc,pdb,ns,rs,sts,deploy,ds,jobs,svc,csinodes,volumeattachments,limitranges,priorityclasses -A -o json > cluster.json

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
  - apiGroups: [\"\"]
    resources: [nodes, pods, persistentvolumes, persistentvolumeclaims, namespaces, services, limitranges]
    verbs: [get, list]
  - apiGroups: [apps]
    resources: [replicasets, statefulsets, deployments, daemonsets]
    verbs: [get, list]
  - apiGroups: [batch]
    resources: [jobs]
    verbs: [get, list]
  - apiGroups: [policy]
    resources: [poddisruptionbudgets]
    verbs: [get, list]
  - apiGroups: [storage.k8s.io]
    resources: [storageclasses, csinodes, volumeattachments]
    verbs: [get, list]
  - apiGroups: [scheduling.k8s.io]
    resources: [priorityclasses]
    verbs: [get, list]
---
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
";
