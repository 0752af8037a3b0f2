//! The texts of the scenarios that come with turncoat, in the order of their paths; a test holds the list against the folder.

macro_rules! files {
    ($($path:literal,)*) => {
        /// Path below `scenarios/` without its ending, and text.
        pub(super) const FILES: &[(&str, &str)] =
            &[$(($path, include_str!(concat!("../../scenarios/", $path, ".yaml"))),)*];
    };
}

files![
    "bench/federation-round",
    "bench/grid",
    "faults/byzantine_amplified",
    "faults/byzantine_constant",
    "faults/byzantine_label_flip",
    "faults/corrupt",
    "faults/crash_restart",
    "faults/delays",
    "faults/partition",
    "faults/query_budget",
    "faults/quorum",
    "quickstart",
    "truex/figure10",
    "truex/figure11",
    "truex/figure7-cifar10",
    "truex/figure7-valued-shoppers-10",
    "truex/figure7-valued-shoppers-20",
    "truex/figure7-valued-shoppers-50",
    "truex/figure8-cifar10",
    "truex/figure8-valued-shoppers-10",
    "truex/figure8-valued-shoppers-20",
    "truex/figure8-valued-shoppers-50",
    "truex/figure9-cifar10",
    "truex/figure9-valued-shoppers-10",
    "truex/figure9-valued-shoppers-20",
    "truex/figure9-valued-shoppers-50",
    "truex/small/figure10",
    "truex/small/figure11",
    "truex/small/figure7",
    "truex/small/figure8",
    "truex/small/figure9",
    "truex/small/table1",
    "truex/small/table2",
    "truex/small/table3",
    "truex/small/table4",
    "truex/small/table5",
    "truex/small/table6",
    "truex/small/table7",
    "truex/small/table8",
    "truex/table1-adult",
    "truex/table1-cifar10",
    "truex/table1-mnist",
    "truex/table1-valued-shoppers-10",
    "truex/table1-valued-shoppers-100",
    "truex/table1-valued-shoppers-20",
    "truex/table1-valued-shoppers-50",
    "truex/table2-valued-shoppers-20",
    "truex/table3-cifar10",
    "truex/table4-adult",
    "truex/table4-cifar10",
    "truex/table4-mnist",
    "truex/table4-valued-shoppers-10",
    "truex/table4-valued-shoppers-100",
    "truex/table4-valued-shoppers-20",
    "truex/table4-valued-shoppers-50",
    "truex/table5-adult",
    "truex/table5-cifar10",
    "truex/table5-mnist",
    "truex/table5-valued-shoppers-10",
    "truex/table5-valued-shoppers-100",
    "truex/table5-valued-shoppers-20",
    "truex/table5-valued-shoppers-50",
    "truex/table6-adult",
    "truex/table6-cifar10",
    "truex/table6-mnist",
    "truex/table6-valued-shoppers-10",
    "truex/table6-valued-shoppers-100",
    "truex/table6-valued-shoppers-20",
    "truex/table6-valued-shoppers-50",
    "truex/table7-adult",
    "truex/table7-cifar10",
    "truex/table7-mnist",
    "truex/table7-valued-shoppers-10",
    "truex/table7-valued-shoppers-100",
    "truex/table7-valued-shoppers-20",
    "truex/table7-valued-shoppers-50",
    "truex/table8-adult",
    "truex/table8-cifar10",
    "truex/table8-mnist",
    "truex/table8-outsider-adult",
    "truex/table8-outsider-cifar10",
    "truex/table8-outsider-mnist",
    "truex/table8-outsider-valued-shopper-10",
    "truex/table8-valued-shopper-10",
    "truex/table8-valued-shopper-100",
    "truex/table8-valued-shopper-50",
];

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::FILES;

    fn below(folder: &Path, names: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                below(&path, names);
            } else if path.extension().is_some_and(|ending| ending == "yaml") {
                names.push(path.with_extension("").display().to_string());
            }
        }
    }

    #[test]
    fn every_scenario_of_the_folder_is_shipped() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
        let mut names = Vec::new();
        below(&root, &mut names);
        names.sort();
        let prefix = format!("{}/", root.display());
        let there: Vec<&str> = names.iter().map(|name| name.strip_prefix(&prefix).unwrap()).collect();
        let listed: Vec<&str> = FILES.iter().map(|(path, _)| *path).collect();
        assert_eq!(listed, there, "src/shipped/files.rs lists what is in scenarios/, sorted");
    }
}
