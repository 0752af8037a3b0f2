//! A scenario written out with every default filled in, keys in fixed order: itself a scenario that resolves to itself.

use turncoat_attack::{Attack, Gap, NamedAttack, ShadowFederation, ShadowModel, Ties, Vantage};
use turncoat_learn::Learner;
use turncoat_learn::data::{ColumnRef, CsvSource, DataSource, PurchaseSource};
use turncoat_learn::partition::{Alpha, Deal, OnDegenerate, RecordsPerParty, Skew};
use turncoat_learn::preprocess::{Categories, Duplicates, Preprocess, Scale};

mod faults;
mod knowledge;
mod learner;
mod limits;
mod shadow;
mod single_target;

use self::learner::learner;
use super::checked::{Adversary, Boundaries, LaunchMode, PartyCommand, Scenario, Timeouts};
use super::study::Study;
use super::write::{Out, write};
use turncoat_proto::Disclosure;

/// What decides figures, what decides neither figures nor files, what decides files: in this order they are the resolved
/// scenario.
pub(super) struct Resolved {
    /// Everything but what changes no figure.
    pub(super) figures: String,
    /// How a federation is launched, and its deadlines.
    pub(super) launch: String,
    /// What is kept beside the figures.
    pub(super) files: String,
}

pub(super) fn resolve(study: &Study) -> Resolved {
    match study {
        Study::Federation(scenario) => federation(scenario),
        Study::SingleTarget(study) => single_target::single_target(study),
    }
}

fn federation(scenario: &Scenario) -> Resolved {
    let federation = &scenario.federation;
    let figures = [
        ("name", Out::text(&scenario.name)),
        ("seed", Out::plain(scenario.seed)),
        ("repeats", Out::plain(scenario.repeats)),
        ("data", data(&scenario.data)),
        ("preprocess", preprocess(&scenario.preprocess)),
        (
            "federation",
            Out::map(
                deal(&federation.deal)
                    .into_iter()
                    .chain([
                        ("learner", learner(&federation.learner)),
                        (
                            "disclosure",
                            Out::plain(match federation.disclosure {
                                Disclosure::Open => "open",
                                Disclosure::Aggregator => "aggregator",
                            }),
                        ),
                    ])
                    .chain(limits::quorum(federation.quorum))
                    .chain(commands(&federation.commands)),
            ),
        ),
        ("auxiliary", Out::map([("records", Out::plain(scenario.auxiliary.records))])),
        (
            "evaluation",
            Out::map([
                ("test_records", Out::optional(scenario.evaluation.test_records)),
                ("max_answers", Out::optional(scenario.evaluation.max_answers)),
            ]),
        ),
    ];
    // Left out where none are asked for, so that the hash is that of the experiment without.
    let boundaries = scenario.boundaries.iter().map(|asked| ("boundaries", boundaries(asked)));
    let last = [
        ("adversaries", Out::List(scenario.adversaries.iter().map(adversary).collect())),
        ("faults", Out::List(scenario.faults.iter().map(faults::fault).collect())),
    ];
    let liars: Vec<Out> = scenario.byzantine.iter().map(faults::byzantine).collect();
    let byzantine = (!liars.is_empty()).then_some(("byzantine", Out::List(liars)));
    // A deadline can decide whether a party is missing, but only where something goes wrong.
    let (timed, untimed) = match scenario.faults.is_empty() {
        true => (None, Some(("timeouts", timeouts(&scenario.timeouts)))),
        false => (Some(("timeouts", timeouts(&scenario.timeouts))), None),
    };
    let figures = Out::map(
        figures
            .into_iter()
            .chain(boundaries)
            .chain(last)
            .chain(byzantine)
            .chain(limits::limits(&scenario.limits))
            .chain(timed),
    );
    let mode = match scenario.launch.mode {
        LaunchMode::Processes => "processes",
        LaunchMode::InProcess => "in_process",
    };
    let launch = ("launch", Out::map([("mode", Out::plain(mode)), ("tls", Out::plain(scenario.launch.tls))]));
    let export = scenario.export.vectors.then(|| ("export", Out::List(vec![Out::plain("vectors")])));
    let launch = Out::map(std::iter::once(launch).chain(untimed));
    Resolved {
        figures: write(&figures),
        launch: write(&launch),
        files: export.map_or_else(String::new, |kept| write(&Out::map([kept]))),
    }
}

/// Left out where there are none, so that the hash is that of the experiment without.
fn commands(commands: &[PartyCommand]) -> Option<(&'static str, Out)> {
    let one = |served: &PartyCommand| {
        let words = served.command.iter().map(|word| Out::text(word)).collect();
        Out::map([("party", Out::plain(served.party.get())), ("command", Out::List(words))])
    };
    (!commands.is_empty()).then(|| ("commands", Out::List(commands.iter().map(one).collect())))
}

fn timeouts(timeouts: &Timeouts) -> Out {
    Out::map([
        ("ready_ms", Out::plain(timeouts.ready_ms)),
        ("connect_ms", Out::plain(timeouts.connect_ms)),
        ("fit_ms", Out::plain(timeouts.fit_ms)),
        ("predict_ms", Out::plain(timeouts.predict_ms)),
        ("attack_ms", Out::plain(timeouts.attack_ms)),
        ("drain_ms", Out::plain(timeouts.drain_ms)),
        ("rejoin_ms", Out::plain(timeouts.rejoin_ms)),
    ])
}

/// `tag: {}`.
fn unit(tag: &str) -> Out {
    tagged(tag, Out::map([]))
}

fn tagged(tag: &str, body: Out) -> Out {
    Out::map([(tag, body)])
}

fn data(source: &DataSource) -> Out {
    match source {
        DataSource::Adult => unit("adult"),
        DataSource::Mnist => unit("mnist"),
        DataSource::FashionMnist => unit("fashion_mnist"),
        DataSource::Cifar10 => unit("cifar10"),
        DataSource::WineQuality => unit("winequality"),
        DataSource::Iris => unit("iris"),
        DataSource::Idx { pairs } => {
            let pairs = pairs.iter().map(|pair| {
                Out::map([("images", Out::path(&pair.images)), ("labels", Out::path(&pair.labels))])
            });
            let mut pairs: Vec<Out> = pairs.collect();
            tagged("idx", if pairs.len() == 1 { pairs.remove(0) } else { Out::List(pairs) })
        }
        DataSource::Purchase { source } => tagged(
            "purchase",
            match source {
                PurchaseSource::Classes(classes) => tagged("classes", Out::plain(classes)),
                PurchaseSource::Path(path) => tagged("path", Out::path(path)),
            },
        ),
        DataSource::ValuedShoppers { classes } => {
            tagged("valued_shoppers", Out::map([("classes", Out::plain(classes))]))
        }
        DataSource::Csv(source) => tagged("csv", csv(source)),
        DataSource::Census(params) => {
            let params = params.get();
            synthetic(
                "census",
                [("records", Out::plain(params.records)), ("label_noise", Out::number(params.label_noise))],
            )
        }
        DataSource::Purchases(params) => {
            let params = params.get();
            synthetic(
                "purchases",
                [
                    ("records", Out::plain(params.records)),
                    ("features", Out::plain(params.features)),
                    ("classes", Out::plain(params.classes)),
                    ("flip", Out::number(params.flip)),
                ],
            )
        }
        DataSource::GaussianClusters(params) => {
            let params = params.get();
            synthetic(
                "gaussian_clusters",
                [
                    ("records", Out::plain(params.records)),
                    ("features", Out::plain(params.features)),
                    ("classes", Out::plain(params.classes)),
                    ("clusters_per_class", Out::plain(params.clusters_per_class)),
                    ("label_noise", Out::number(params.label_noise)),
                ],
            )
        }
    }
}

fn synthetic<const N: usize>(tag: &str, params: [(&str, Out); N]) -> Out {
    tagged("synthetic", tagged(tag, Out::map(params)))
}

fn csv(source: &CsvSource) -> Out {
    let column = |column: &ColumnRef| match column {
        ColumnRef::Name(name) => Out::text(name),
        ColumnRef::Position(place) => Out::plain(place),
    };
    let or_null = |out: Option<Out>| out.unwrap_or_else(|| Out::plain("null"));
    let columns = source.columns.iter();
    let columns = columns.map(|(name, kind)| (column(name).into_word(), Out::plain(kind.word())));
    Out::map([
        ("path", Out::path(&source.path)),
        ("name", or_null(source.name.as_deref().map(Out::text))),
        ("target", or_null(source.target.as_ref().map(column))),
        ("missing_target", Out::plain(source.missing_target.word())),
        ("header", Out::optional(source.header)),
        ("separator", or_null(source.separator.map(|separator| Out::text(separator.word())))),
        ("decimal", or_null(source.decimal.map(|decimal| Out::text(decimal.word())))),
        ("encoding", or_null(source.encoding.map(|encoding| Out::text(encoding.word())))),
        ("comment", or_null(source.comment.map(|comment| Out::text(comment.word())))),
        ("ragged", Out::plain(source.ragged.word())),
        ("missing", Out::List(source.missing.iter().map(|text| Out::text(text)).collect())),
        ("drop", Out::List(source.drop.iter().map(column).collect())),
        ("columns", Out::Map(columns.collect())),
    ])
}

fn preprocess(preprocess: &Preprocess) -> Out {
    let categories = match preprocess.categories {
        Categories::Ordinal => "ordinal",
        Categories::OneHot => "one_hot",
    };
    let scale = match preprocess.scale {
        Scale::None => "none",
        Scale::MinMax => "min_max",
    };
    let steps = [
        ("categories", Out::plain(categories)),
        ("scale", Out::plain(scale)),
        ("subsample", Out::optional(preprocess.subsample)),
    ];
    // Left out where they stay, so that the hash is that of the experiment that could not say so.
    let dropped = preprocess.duplicates == Duplicates::Drop;
    Out::map(steps.into_iter().chain(dropped.then(|| ("duplicates", Out::plain("drop")))))
}

fn deal(deal: &Deal) -> [(&'static str, Out); 4] {
    let deal = deal.get();
    let records = match &deal.records_per_party {
        RecordsPerParty::Equal(records) => Out::plain(records),
        RecordsPerParty::Listed(list) => Out::List(list.iter().map(Out::plain).collect()),
        RecordsPerParty::Skewed { alpha, total } => {
            tagged("skewed", Out::map([("alpha", Out::number(*alpha)), ("total", Out::plain(total))]))
        }
    };
    let skew = match &deal.skew {
        Skew::Iid => unit("iid"),
        Skew::Simplex => unit("simplex"),
        Skew::Dirichlet { alpha } => tagged("dirichlet", Out::map([("alpha", Out::number(*alpha))])),
        Skew::Explicit(rows) => {
            let row = |row: &Vec<f64>| Out::List(row.iter().map(|share| Out::number(*share)).collect());
            tagged("explicit", Out::List(rows.iter().map(row).collect()))
        }
        Skew::Clustered { alpha, clusters } => {
            let alpha = match alpha {
                Alpha::Fixed(alpha) => Out::number(*alpha),
                Alpha::LogUniform { low, high } => Out::List(vec![Out::number(*low), Out::number(*high)]),
            };
            tagged("clustered", Out::map([("alpha", alpha), ("clusters", Out::plain(clusters))]))
        }
    };
    let on_degenerate = match deal.on_degenerate {
        OnDegenerate::Warn => "warn",
        OnDegenerate::Error => "error",
    };
    [
        ("parties", Out::plain(deal.parties)),
        ("records_per_party", records),
        ("skew", skew),
        ("on_degenerate", Out::plain(on_degenerate)),
    ]
}

fn boundaries(asked: &Boundaries) -> Out {
    let region = asked.features.iter().zip(&asked.region).filter_map(|(name, bounds)| {
        let ends = (*bounds)?.map(Out::number);
        Some((Out::text(name).into_word(), Out::List(ends.into())))
    });
    Out::map([
        ("features", Out::List(asked.features.iter().map(|name| Out::text(name)).collect())),
        ("grid", Out::plain(asked.grid)),
        ("region", Out::Map(region.collect())),
        ("repeat", Out::plain(asked.repeat)),
    ])
}

/// A learner, or null for the one that is taken where none is asked for.
fn optional_learner(given: &Option<Learner>) -> Out {
    given.as_ref().map_or_else(|| Out::plain("null"), learner)
}

fn adversary(adversary: &Adversary) -> Out {
    let attacks = ("attacks", Out::List(adversary.attacks.iter().map(attack).collect()));
    match adversary.vantage {
        Vantage::Party(party) => tagged("party", Out::map([("id", Out::plain(party.get())), attacks])),
        Vantage::Aggregator => tagged("aggregator", Out::map([attacks])),
        Vantage::Outsider => tagged("outsider", Out::map([attacks])),
    }
}

/// An id that is the attack's name is not written: nobody has to read it twice.
fn attack(NamedAttack { id, attack }: &NamedAttack) -> Out {
    let own = (id != attack.name()).then(|| ("id", Out::text(id)));
    let with = |parameters: Vec<(&'static str, Out)>| {
        tagged(attack.name(), Out::map(own.into_iter().chain(parameters)))
    };
    match attack {
        Attack::ShadowModel(ShadowModel { shadows, generation, attack_learner, .. }) => with(vec![
            ("shadows", Out::plain(shadows)),
            ("generation", optional_learner(generation)),
            ("attack_learner", optional_learner(attack_learner)),
        ]),
        Attack::ShadowFederation(ShadowFederation { shadows, transductive, generation }) => with(vec![
            ("shadows", Out::plain(shadows)),
            ("transductive", Out::plain(transductive)),
            ("generation", optional_learner(generation)),
        ]),
        // The lowest class is what it was before there was a choice.
        Attack::Gap(Gap { ties: Ties::Coin }) => with(vec![("ties", Out::plain("coin"))]),
        _ if id == attack.name() => Out::plain(attack.name()),
        _ => with(Vec::new()),
    }
}
