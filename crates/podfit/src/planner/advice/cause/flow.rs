//! A maximum flow: what pods need, through the nodes that they may enter, into what these have free.

/// A network from `source` 0 to `sink` 1. Capacities are sums of a cluster, which fit 64 bits.
pub(super) struct Flow {
    /// Edges in pairs: the second is the way back.
    to: Vec<u32>,
    room: Vec<i64>,
    out: Vec<Vec<u32>>,
}

pub(super) const SOURCE: usize = 0;
pub(super) const SINK: usize = 1;

impl Flow {
    pub(super) fn new(vertices: usize) -> Self {
        Self { to: Vec::new(), room: Vec::new(), out: vec![Vec::new(); vertices] }
    }

    pub(super) fn edge(&mut self, from: usize, to: usize, room: i64) {
        for (from, to, room) in [(from, to, room), (to, from, 0)] {
            self.out[from].push(self.to.len() as u32);
            self.to.push(to as u32);
            self.room.push(room);
        }
    }

    /// Fills the network (Dinic's method) and says which vertices the source still reaches: the source's side of
    /// the smallest cut nearest to it.
    pub(super) fn fill(&mut self) -> Vec<bool> {
        loop {
            let level = self.levels();
            if level[SINK] == u32::MAX {
                return level.into_iter().map(|l| l != u32::MAX).collect();
            }
            let mut next = vec![0usize; self.out.len()];
            while self.push(&level, &mut next) {}
        }
    }

    fn levels(&self) -> Vec<u32> {
        let mut level = vec![u32::MAX; self.out.len()];
        level[SOURCE] = 0;
        let mut queue = std::collections::VecDeque::from([SOURCE]);
        while let Some(v) = queue.pop_front() {
            for &e in &self.out[v] {
                let w = self.to[e as usize] as usize;
                if self.room[e as usize] > 0 && level[w] == u32::MAX {
                    level[w] = level[v] + 1;
                    queue.push_back(w);
                }
            }
        }
        level
    }

    /// One path of the level graph, walked with a stack of edges: depth is no matter of recursion.
    fn push(&mut self, level: &[u32], next: &mut [usize]) -> bool {
        let mut path: Vec<u32> = Vec::new();
        let mut v = SOURCE;
        while v != SINK {
            if let Some(&e) = self.out[v].get(next[v]) {
                let w = self.to[e as usize] as usize;
                if self.room[e as usize] > 0 && level[w] == level[v] + 1 {
                    path.push(e);
                    v = w;
                } else {
                    next[v] += 1;
                }
            } else {
                let Some(e) = path.pop() else { return false };
                v = self.to[e as usize ^ 1] as usize;
                next[v] += 1;
            }
        }
        let most = path.iter().map(|&e| self.room[e as usize]).min().unwrap_or(0);
        for &e in &path {
            self.room[e as usize] -= most;
            self.room[e as usize ^ 1] += most;
        }
        true
    }
}
