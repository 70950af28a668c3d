//! A vector whose clones share what neither changes: pages of it are copied when they are first written.

use std::ops::Index;
use std::sync::Arc;

/// Elements of a page: a power of two.
const PAGE: usize = 512;

/// Elements by position. Cloning costs a page's pointer for each 512 elements.
#[derive(Clone, Debug, Default)]
pub(crate) struct Paged<T> {
    pages: Vec<Arc<[T]>>,
}

impl<T: Clone> Paged<T> {
    /// For changing one element.
    pub fn get_mut(&mut self, index: usize) -> &mut T {
        &mut Arc::make_mut(&mut self.pages[index / PAGE])[index % PAGE]
    }

    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.pages.iter().flat_map(|page| page.iter())
    }
}

impl<T: Clone> From<Vec<T>> for Paged<T> {
    fn from(elements: Vec<T>) -> Self {
        Self { pages: elements.chunks(PAGE).map(Arc::from).collect() }
    }
}

impl<T> Index<usize> for Paged<T> {
    type Output = T;

    fn index(&self, index: usize) -> &T {
        &self.pages[index / PAGE][index % PAGE]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_keeps_what_was_and_shares_what_stays() {
        let mut paged = Paged::from((0..2_000).collect::<Vec<u32>>());
        let before = paged.clone();
        *paged.get_mut(513) = 7;
        assert_eq!((paged[512], paged[513], before[513]), (512, 7, 513));
        assert!(Arc::ptr_eq(&paged.pages[0], &before.pages[0]));
        assert!(!Arc::ptr_eq(&paged.pages[1], &before.pages[1]));
        assert_eq!(before.iter().copied().collect::<Vec<_>>(), (0..2_000).collect::<Vec<u32>>());
    }
}
