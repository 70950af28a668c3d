//! A real cluster, where its dump is at hand: set `PODFIT_DATA` to the folder that holds `kubernetes-dump/`.

use podfit::model::{Component, OwnerKind};
use podfit_kube::{Counts, Options, Reader};
use std::{fs, path::Path};

fn folder() -> Option<std::path::PathBuf> {
    let data = std::env::var_os("PODFIT_DATA");
    if data.is_none() {
        println!("PODFIT_DATA is not set: nothing checked");
    }
    Some(Path::new(&data?).join("kubernetes-dump"))
}

fn read_all(path: &Path, reader: &mut Reader) {
    if path.is_dir() {
        let mut entries: Vec<_> = fs::read_dir(path).unwrap().map(|e| e.unwrap().path()).collect();
        entries.sort();
        entries.iter().for_each(|p| read_all(p, reader));
    } else {
        reader.read(&path.to_string_lossy(), fs::File::open(path).unwrap());
    }
}

#[test]
fn the_list_and_the_bundle_give_the_same_cluster() {
    let Some(folder) = folder() else { return };
    let expected = Counts {
        objects: 86,
        nodes: 3,
        pods: 57,
        pods_ended: 1,
        pods_unrequested: 45,
        ignored: 0,
        claims: 1,
        namespaces: 9,
        controllers: 13,
    };
    for part in ["real-cluster.json", "sbctl"] {
        let mut reader = Reader::new(Options::default());
        read_all(&folder.join(part), &mut reader);
        let loaded = reader.finish().unwrap_or_else(|e| panic!("{e:#?}"));
        assert_eq!(loaded.counts, expected, "{part}");
        let c = &loaded.cluster;
        let control: Vec<_> = c.pods().iter().filter_map(|p| p.component).collect();
        assert_eq!(control.len(), 4);
        assert!(control.contains(&Component::Etcd));
        let minio = c.pods().iter().find(|p| c.str(p.name).starts_with("minio-")).unwrap();
        assert_eq!((minio.owner.kind, minio.gaps.len()), (OwnerKind::ReplicaSet, 0));
        assert_eq!(minio.attached.len(), 1);
        assert_eq!(c.str(c.workload(minio.workload.unwrap()).name), "minio-7b45cd544d");
        let custom = c.pods().iter().filter(|p| match p.owner.kind {
            OwnerKind::Custom(kind) => c.str(kind) == "InstanceManager",
            _ => false,
        });
        assert_eq!(custom.count(), 6);
    }
}
