//! Medians and percentiles of what was measured. Nothing is thrown away as an outlier.

use std::time::Duration;

/// The middle of the values; of two middles, the higher. Zero when there are none.
pub(crate) fn median<T: Copy + PartialOrd + Default>(values: &[T]) -> T {
    percentile(values, 50)
}

/// The value that `percent` of all do not exceed (nearest rank).
pub(crate) fn percentile<T: Copy + PartialOrd + Default>(values: &[T], percent: usize) -> T {
    let mut sorted = values.to_vec();
    sorted.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or_default()
}

/// The highest.
pub(crate) fn highest<T: Copy + PartialOrd + Default>(values: &[T]) -> T {
    percentile(values, 100)
}

/// Such as `0.42 ms` or `1.31 s`.
pub(crate) fn shown(time: Duration) -> String {
    let millis = time.as_secs_f64() * 1_000.0;
    match millis {
        millis if millis < 10.0 => format!("{millis:.2} ms"),
        millis if millis < 1_000.0 => format!("{millis:.0} ms"),
        millis => format!("{:.2} s", millis / 1_000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_and_p99_nearly_the_worst() {
        let values: Vec<u32> = (1..=200).rev().collect();
        assert_eq!(median(&values[..199]), 101);
        assert_eq!(percentile(&values, 99), 198);
        assert_eq!(highest(&values), 200);
    }

    #[test]
    fn one_value_is_all_of_them_and_none_is_nothing() {
        assert_eq!((median(&[7]), percentile(&[7], 99)), (7, 7));
        assert_eq!(median::<u32>(&[]), 0);
    }

    #[test]
    fn times_are_shown_in_the_unit_that_reads_best() {
        assert_eq!(shown(Duration::from_micros(420)), "0.42 ms");
        assert_eq!(shown(Duration::from_millis(87)), "87 ms");
        assert_eq!(shown(Duration::from_millis(1_310)), "1.31 s");
    }
}
