//! The words that a draft can be made of, each with what it means in a line.

/// A choice among words.
pub(crate) trait Word: Copy + PartialEq + 'static {
    /// All of them, the default first.
    const ALL: &'static [Self];

    /// As a scenario and a flag write it.
    fn word(self) -> &'static str;

    /// What it means.
    fn means(self) -> &'static str;

    /// The one that is written so.
    fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.word() == word)
    }
}

/// What is attacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Federation,
    SingleTarget,
}

impl Word for Kind {
    const ALL: &'static [Self] = &[Self::Federation, Self::SingleTarget];

    fn word(self) -> &'static str {
        match self {
            Self::Federation => "federation",
            Self::SingleTarget => "single_target",
        }
    }

    fn means(self) -> &'static str {
        match self {
            Self::Federation => "parties, each with its own records and model, that answer together",
            Self::SingleTarget => "one model by itself",
        }
    }
}

/// How unevenly classes are divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Skew {
    Simplex,
    Dirichlet,
    Clustered,
    Iid,
}

impl Word for Skew {
    const ALL: &'static [Self] = &[Self::Simplex, Self::Dirichlet, Self::Clustered, Self::Iid];

    fn word(self) -> &'static str {
        match self {
            Self::Simplex => "simplex",
            Self::Dirichlet => "dirichlet",
            Self::Clustered => "clustered",
            Self::Iid => "iid",
        }
    }

    fn means(self) -> &'static str {
        match self {
            Self::Simplex => "shares drawn evenly from all there can be",
            Self::Dirichlet => "shares drawn with a concentration: small is uneven, large is even",
            Self::Clustered => "clusters within each class divided unevenly, too",
            Self::Iid => "all parties alike",
        }
    }
}

/// Who sees the parties' single answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Disclosure {
    Open,
    Aggregator,
}

impl Word for Disclosure {
    const ALL: &'static [Self] = &[Self::Open, Self::Aggregator];

    fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Aggregator => "aggregator",
        }
    }

    fn means(self) -> &'static str {
        match self {
            Self::Open => "every member of the federation",
            Self::Aggregator => "the coordinator alone; members see the average, as outsiders do",
        }
    }
}

/// Who attacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Outsider,
    Party,
    Aggregator,
}

impl Word for Who {
    const ALL: &'static [Self] = &[Self::Outsider, Self::Party, Self::Aggregator];

    fn word(self) -> &'static str {
        match self {
            Self::Outsider => "outsider",
            Self::Party => "party",
            Self::Aggregator => "aggregator",
        }
    }

    fn means(self) -> &'static str {
        match self {
            Self::Outsider => "who only asks",
            Self::Party => "a malicious member, the last one",
            Self::Aggregator => "the malicious hub",
        }
    }
}
