//! Bars of used against allocatable.

const EIGHTHS: [char; 8] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/// A bar of `cells` columns, always as wide: full when `used` reaches `of`.
pub(super) fn bar(used: i64, of: i64, cells: usize, ascii: bool) -> String {
    let steps = if ascii { 1 } else { 8 };
    let all = (cells * steps) as i128;
    let filled = match (used, of) {
        (..=0, _) => 0,
        (_, ..=0) => all,
        (used, of) => (i128::from(used) * all / i128::from(of)).clamp(1, all),
    } as usize;
    let (full, rest) = (filled / steps, filled % steps);
    let (block, empty) = if ascii { ('#', '.') } else { ('█', '░') };
    let mut bar: String = std::iter::repeat_n(block, full).collect();
    if rest > 0 {
        bar.push(EIGHTHS[rest]);
    }
    bar.extend(std::iter::repeat_n(empty, cells - full - usize::from(rest > 0)));
    bar
}

/// Percent, cut; `None` where there is none of it.
pub(super) fn percent(used: i64, of: i64) -> Option<i64> {
    (of > 0).then(|| (i128::from(used.max(0)) * 100 / i128::from(of)).min(9_999) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_wide_as_asked() {
        assert_eq!(bar(0, 10, 4, false), "░░░░");
        assert_eq!(bar(5, 10, 4, false), "██░░");
        assert_eq!(bar(9, 16, 4, false), "██▎░");
        assert_eq!(bar(10, 10, 4, false), "████");
        assert_eq!(bar(30, 10, 4, false), "████");
        assert_eq!(bar(1, 0, 4, true), "####");
        assert_eq!(bar(1, 1_000_000, 4, false), "▏░░░");
        assert_eq!(bar(i64::MAX, i64::MAX, 3, true), "###");
        assert_eq!(bar(5, 10, 5, true), "##...");
    }

    #[test]
    fn percents_are_cut_never_rounded_up() {
        assert_eq!(percent(999, 1000), Some(99));
        assert_eq!(percent(-5, 10), Some(0));
        assert_eq!(percent(5, 0), None);
        assert_eq!(percent(i64::MAX, 1), Some(9_999));
    }
}
